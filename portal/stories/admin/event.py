"""The back office for events: search, look, and what the desk does to many."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable, do_to_each
from portal.stories.actions import event as deeds
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
    actions = ["publish"]

    @admin.action(description=_("Announce"), permissions=["view"])
    def publish(self, request: SignedInRequest, rows: QuerySet[Event]) -> None:
        do_to_each(request, rows, lambda event: deeds.publish_event(event, by=request.user))
