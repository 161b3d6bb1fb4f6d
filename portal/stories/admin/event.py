"""The back office for events: search and look. Who announces one has it before them, at the desk."""

from django.contrib import admin

from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable
from portal.stories.models import Event, EventCountry


class CountryInline(ReadOnlyTable):
    model = EventCountry
    fields = ("country", "people", "women")
    readonly_fields = fields


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "state", "starts_at", "country", "people", "women"]
    list_filter = ["state", "kind"]
    search_fields = ["slug", "title_en", "title_fr", "place"]
    date_hierarchy = "starts_at"
    inlines = [CountryInline]
