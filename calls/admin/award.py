"""The back office for awards and their ledger: search and look; hours move on the award's own pages."""

from django.contrib import admin
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
    list_display = ["ref", "title", "holder", "organisation", "instrument", "balance_minutes", "state", "valid_until"]
    list_filter = ["state", "instrument"]
    search_fields = ["ref", "title", "holder__email", "holder__name", "organisation__name"]
    list_select_related = ["holder", "organisation", "instrument"]
    inlines = [LedgerInline]
    actions = ["revoke"]

    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request: SignedInRequest, rows: QuerySet[Award]) -> None:
        why = str(_("Revoked in the back office"))
        do_to_each(request, rows, lambda award: deeds.revoke(award, why=why, by=request.user))


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "award", "kind", "minutes", "booking", "by", "why"]
    list_filter = ["kind"]
    search_fields = ["award__ref", "=booking"]
    list_select_related = ["award", "by"]
    date_hierarchy = "at"
