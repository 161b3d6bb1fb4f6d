"""The back office for interests: to be looked at; the secret link stays with the person."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.actions import interest as deeds
from calls.models import Interest
from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import ReadOnlyAdmin, do_to_each


@admin.register(Interest)
class InterestAdmin(ReadOnlyAdmin):
    list_display = [
        "address",
        "standing",
        "call",
        "country",
        "frequency",
        "language",
        "state",
        "confirmed_at",
        "ended_why",
    ]
    list_filter = ["state", "standing", "frequency", "combine", "language", "ended_why", "techniques", "categories"]
    search_fields = ["address", "institution", "offering", "note"]
    list_select_related = ["call"]
    date_hierarchy = "created_at"
    exclude = ["token"]
    actions = ["end"]
    show_full_result_count = False

    @admin.action(description=_("End (the person asked us)"), permissions=["view"])
    def end(self, request: SignedInRequest, rows: QuerySet[Interest]) -> None:
        do_to_each(request, rows, lambda interest: deeds.end(interest, by=request.user))
