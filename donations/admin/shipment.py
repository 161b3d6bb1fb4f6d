"""The back office of shipments: search and look; deeds are done on their pages."""

from django.contrib import admin

from donations.models import Parcel, Quotation, Shipment, ShipmentMatch, TrackingEvent
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable


class PlaceInline(ReadOnlyTable):
    model = ShipmentMatch


class ParcelInline(ReadOnlyTable):
    model = Parcel


class QuotationInline(ReadOnlyTable):
    model = Quotation


class TrackingInline(ReadOnlyTable):
    model = TrackingEvent
    fk_name = "shipment"


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = ["ref", "donor", "organisation", "state", "payer", "sent_on", "received_on"]
    list_filter = ["state", "payer"]
    search_fields = ["ref", "tracking", "donor__email", "organisation__name"]
    list_select_related = ["donor", "organisation"]
    inlines = [PlaceInline, ParcelInline, QuotationInline, TrackingInline]
