"""The back office for stories: search, look, and the deeds of the desk."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable, do_to_each
from portal.stories.actions import story as deeds
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
    actions = ["publish", "feature"]

    @admin.action(description=_("Publish"), permissions=["view"])
    def publish(self, request: SignedInRequest, rows: QuerySet[Story]) -> None:
        do_to_each(request, rows, lambda story: deeds.publish_story(story, by=request.user))

    @admin.action(description=_("Prefer on the home page"), permissions=["view"])
    def feature(self, request: SignedInRequest, rows: QuerySet[Story]) -> None:
        do_to_each(request, rows, lambda story: deeds.feature_story(story, is_featured=True, by=request.user))
