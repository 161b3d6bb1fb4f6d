"""The desk's front page: rooms to go to and how much is in them."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from calls.enums import AwardState, InterestState
from calls.models import Award, Call, Interest
from donations.enums import UNDER_WAY, NeedState, OfferState
from donations.models import Need, Offer, Shipment
from instruments.models import Instrument
from portal.accounts.models import Organisation, User

ROOMS = (
    ("desk_calls:list", _("Calls"), _("Write, preview, publish, extend and withdraw them.")),
    ("desk_instruments:list", _("Instruments"), _("Vet what laboratories propose, list it, suspend it.")),
    ("agreements:list", _("Agreements"), _("Who provides what, until when; those that end soon.")),
    ("desk_calls:awards", _("Awards"), _("Grant hours, look at ledgers, correct and revoke.")),
    ("desk_calls:interests", _("Interests"), _("See who wants to hear of what, by technique and country.")),
    ("pages:demand", _("Demand"), _("What is asked for and what there is: where to seek the next instrument.")),
    ("desk_stories:list", _("Stories"), _("Look at what is sent in, write, publish, take off.")),
    ("desk_events:list", _("Events"), _("Announce bootcamps and trainings, enter who came.")),
    ("desk_pages:list", _("Pages"), _("How it works, how to prepare, questions, statements: write and restore them.")),
    ("desk_donations:index", _("Equipment"), _("Verify needs, vet offers, match them, follow gifts to the bench.")),
    ("desk_accounts:organisations", _("Organisations"), _("Verify them, enter many by file, merge duplicates.")),
    ("bookings:list", _("Bookings"), _("Every booking of every laboratory.")),
)


class Room(NamedTuple):
    url: str
    title: Promise
    text: Promise


def desk_rooms() -> list[Room]:
    return [Room(reverse(name), title, text) for name, title, text in ROOMS]


def counts(reader: User, moment: datetime) -> list[tuple[Promise, int]]:
    """(what, how many) for the figures on the desk: one statement, each number a column beside the reader's row."""
    asked: list[tuple[Promise, QuerySet[Any]]] = [
        (_("open calls"), Call.objects.open_at(moment)),
        (_("listed instruments"), Instrument.objects.listed()),
        (_("active awards"), Award.objects.filter(state=AwardState.ACTIVE)),
        (_("bookings to come"), Booking.objects.active().ending_after(moment)),
        (_("active interests"), Interest.objects.filter(state=InterestState.ACTIVE)),
        (_("organisations to verify"), Organisation.objects.proposed()),
        (_("needs to verify"), Need.objects.filter(state=NeedState.SUBMITTED)),
        (_("offers to vet"), Offer.objects.filter(state=OfferState.VETTING)),
        (_("open needs"), Need.objects.open()),
        (_("offers to be had"), Offer.objects.open()),
        (_("shipments under way"), Shipment.objects.filter(state__in=UNDER_WAY)),
    ]
    columns: dict[str, Any] = {f"number_{position}": _number_of(rows) for position, (_what, rows) in enumerate(asked)}
    found: dict[str, int] = User.objects.filter(pk=reader.pk).annotate(**columns).values(*columns).get()
    return [(what, found[column]) for column, (what, _rows) in zip(columns, asked, strict=True)]


def _number_of(rows: QuerySet[Any]) -> Subquery:
    """COUNT as a plain function: Django's own would group by the rows."""
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(number=counted).values("number"))
