"""The desk's front page: rooms to go to and how much is in them."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from calls.enums import AwardState, InterestState
from calls.models import Award, Call, Interest
from instruments.enums import InstrumentState
from instruments.models import Instrument
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation

ROOMS = (
    ("desk_calls:list", _("Calls"), _("Write, preview, publish, extend and withdraw them.")),
    ("desk_instruments:list", _("Instruments"), _("Vet what laboratories propose, list it, suspend it.")),
    ("desk_calls:awards", _("Awards"), _("Grant hours, look at ledgers, correct and revoke.")),
    ("desk_accounts:organisations", _("Organisations"), _("Verify them and confirm who works where.")),
    ("bookings:list", _("Bookings"), _("Every booking of every laboratory.")),
)


class Room(NamedTuple):
    url: str
    title: str
    text: str


def desk_rooms() -> list[Room]:
    return [Room(reverse(name), title, text) for name, title, text in ROOMS]


def counts(moment: datetime) -> list[tuple[str, int]]:
    """(what, how many) for the figures on the desk, in one statement."""
    asked: list[tuple[str, QuerySet]] = [
        (_("open calls"), Call.objects.open_at(moment)),
        (_("listed instruments"), Instrument.objects.filter(state=InstrumentState.LISTED)),
        (_("active awards"), Award.objects.filter(state=AwardState.ACTIVE)),
        (_("bookings to come"), Booking.objects.active().ending_after(moment)),
        (_("active interests"), Interest.objects.filter(state=InterestState.ACTIVE)),
        (_("organisations to verify"), Organisation.objects.filter(state=OrganisationState.PROPOSED)),
    ]
    parts = [
        rows.order_by().annotate(position=Value(position)).values("position").annotate(number=Count("pk"))
        for position, (_what, rows) in enumerate(asked)
    ]
    found = dict(parts[0].union(*parts[1:], all=True).values_list("position", "number"))
    return [(what, found.get(position, 0)) for position, (what, _rows) in enumerate(asked)]
