"""The back office for calls: search, look, and the deeds of the desk."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.actions import call as deeds
from calls.models import Call
from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import ReadOnlyAdmin, do_to_each


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "state", "opens_at", "closes_at", "published_at", "announced_at"]
    list_filter = ["state", "kind", "techniques"]
    search_fields = ["slug", "title_en", "title_fr", "summary_en", "summary_fr"]
    date_hierarchy = "closes_at"
    actions = ["publish", "archive"]

    @admin.action(description=_("Publish"), permissions=["view"])
    def publish(self, request: SignedInRequest, rows: QuerySet[Call]) -> None:
        do_to_each(request, rows, lambda call: deeds.publish_call(call, by=request.user))

    @admin.action(description=_("Archive"), permissions=["view"])
    def archive(self, request: SignedInRequest, rows: QuerySet[Call]) -> None:
        do_to_each(request, rows, lambda call: deeds.archive_call(call, by=request.user))
