"""The back office for calls: search, look, and the deeds of the desk."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.actions import call as deeds
from calls.models import Call, CallDocument, Criterion, LateAccess, PanelMember
from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable, do_to_each


class CriterionInline(ReadOnlyTable):
    model = Criterion
    fields = ("position", "name_en", "name_fr", "weight")
    readonly_fields = fields


class DocumentInline(ReadOnlyTable):
    model = CallDocument
    fields = ("title", "name", "size", "sha256", "created_at")
    readonly_fields = fields


class LateAccessInline(ReadOnlyTable):
    """The secret link stays with the person it was sent to."""

    model = LateAccess
    fields = ("address", "until", "why", "user", "created_at")
    readonly_fields = fields


class PanelInline(ReadOnlyTable):
    model = PanelMember
    fields = ("user", "created_at")
    readonly_fields = fields


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "state", "opens_at", "closes_at", "published_at", "announced_at"]
    list_filter = ["state", "kind", "techniques"]
    search_fields = ["slug", "title_en", "title_fr", "summary_en", "summary_fr"]
    date_hierarchy = "closes_at"
    inlines = [CriterionInline, DocumentInline, LateAccessInline, PanelInline]
    actions = ["publish", "archive"]

    @admin.action(description=_("Publish"), permissions=["view"])
    def publish(self, request: SignedInRequest, rows: QuerySet[Call]) -> None:
        do_to_each(request, rows, lambda call: deeds.publish_call(call, by=request.user))

    @admin.action(description=_("Archive"), permissions=["view"])
    def archive(self, request: SignedInRequest, rows: QuerySet[Call]) -> None:
        do_to_each(request, rows, lambda call: deeds.archive_call(call, by=request.user))
