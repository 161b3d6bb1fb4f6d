"""What is typed about shipments."""

from donations.forms.shipment.arrival import ReceiptForm, RepairForm
from donations.forms.shipment.making import DetailsForm, FundForm, MakeForm, ParcelForm, QuotationForm
from donations.forms.shipment.way import AbandonForm, EventForm, SendForm, TrackingFileForm

__all__ = [
    "AbandonForm",
    "DetailsForm",
    "EventForm",
    "FundForm",
    "MakeForm",
    "ParcelForm",
    "QuotationForm",
    "ReceiptForm",
    "RepairForm",
    "SendForm",
    "TrackingFileForm",
]
