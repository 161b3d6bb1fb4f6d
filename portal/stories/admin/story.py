"""The back office for stories: search and look. Who publishes or prefers one has it before them, at the desk."""

from django.contrib import admin

from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable
from portal.stories.models import Consent, Story


class ConsentInline(ReadOnlyTable):
    model = Consent
    fields = ("name", "is_minor", "guardian", "form", "wording", "given_on", "asked_again_at", "withdrawn_at")
    readonly_fields = fields


@admin.register(Story)
class StoryAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "state", "sent_by", "is_featured", "published_at"]
    list_filter = ["state", "kind", "is_featured"]
    search_fields = ["slug", "title_en", "title_fr", "byline", "sent_by__email", "sent_by__name"]
    list_select_related = ["sent_by"]
    date_hierarchy = "published_at"
    inlines = [ConsentInline]
