"""The back office for awards and their ledger: search and look; hours move on the award's own pages."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.actions import award as deeds
from calls.models import Award, LedgerEntry
from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable, do_to_each


class LedgerInline(ReadOnlyTable):
    model = LedgerEntry
    fields = ("at", "kind", "minutes", "booking", "why", "by")
    readonly_fields = fields


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    list_display = [
        "ref", "kind", "title", "holder", "organisation", "instrument", "balance_minutes", "state", "valid_until",
        "report_due_on",
    ]  # fmt: skip
    list_filter = ["state", "kind", "instrument"]
    search_fields = ["ref", "title", "holder__email", "holder__name", "organisation__name"]
    list_select_related = ["holder", "organisation", "instrument"]
    inlines = [LedgerInline]
    actions = ["revoke", "remind"]

    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request: SignedInRequest, rows: QuerySet[Award]) -> None:
        why = str(_("Revoked in the back office"))
        do_to_each(request, rows, lambda award: deeds.revoke(award, why=why, by=request.user))

    @admin.action(description=_("Remind of overdue reports"), permissions=["view"])
    def remind(self, request: SignedInRequest, rows: QuerySet[Award]) -> None:
        number = deeds.remind_overdue(rows, by=request.user)
        messages.info(request, _("Done: %(count)d.") % {"count": number})


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "award", "kind", "minutes", "booking", "by", "why"]
    list_filter = ["kind"]
    search_fields = ["award__ref", "=booking"]
    list_select_related = ["award", "by"]
    date_hierarchy = "at"
