"""The back office for offers and the files they came in: search and look; deeds are done by the actions."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from donations.actions.offer import withdraw_offer
from donations.models import Batch, GateCheck, Offer, OfferFeature, OfferPaper, Photo
from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable, do_to_each


class FeatureInline(ReadOnlyTable):
    model = OfferFeature


class PaperInline(ReadOnlyTable):
    model = OfferPaper
    fields = ("title", "name", "content_type", "size")
    readonly_fields = fields


class CheckInline(ReadOnlyTable):
    model = GateCheck
    fields = ("point", "verdict", "note", "by", "at")
    readonly_fields = fields


class PhotoInline(ReadOnlyTable):
    model = Photo
    fields = ("name", "alt", "width", "height", "size", "by")
    readonly_fields = fields


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    list_display = [
        "ref", "title", "donor", "organisation", "category", "state", "quantity", "quantity_matched", "expires_on",
    ]  # fmt: skip
    list_filter = ["state", "giving", "category"]
    search_fields = ["ref", "title", "maker", "model", "organisation__name", "donor__email", "donor__name"]
    list_select_related = ["donor", "organisation", "category"]
    date_hierarchy = "public_at"
    inlines = [FeatureInline, PaperInline, CheckInline, PhotoInline]
    actions = ["withdraw"]

    @admin.action(description=_("Withdraw"), permissions=["view"])
    def withdraw(self, request: SignedInRequest, rows: QuerySet[Offer]) -> None:
        why = str(_("Withdrawn in the back office"))
        do_to_each(request, rows, lambda offer: withdraw_offer(offer, by=request.user, why=why))


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "organisation", "rows", "faulty", "done_at", "created_at"]
    search_fields = ["name", "owner__email", "owner__name"]
    list_select_related = ["owner", "organisation"]
    exclude = ["content"]
