"""What the choice of a time is for, and what was chosen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode

from bookings.choice import awards_for
from bookings.facts import period_from
from bookings.forms import SlotForm
from bookings.models import Booking
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Forbidden


@dataclass(frozen=True)
class Choosing:
    """What the choice of a time is for: a new booking with one of `awards`, or the move of `moving`."""

    instrument: Instrument
    awards: list[Award]
    award: Award | None
    moving: Booking | None = None

    @property
    def page(self) -> str:
        if self.moving:
            return reverse("bookings:move", args=[self.moving.ref])
        return reverse("booking_instruments:book", args=[self.instrument.slug])

    @property
    def check(self) -> str:
        return self.page + "check/"

    def query(self, **values: Any) -> str:
        return "?" + urlencode({"award": self.award.ref if self.award else "", **values})


def for_booking(request: SignedInRequest, slug: str, ref: str) -> Choosing:
    """The instrument with the awards this person may book it with, `ref` or the first of them chosen."""
    if found := awards_for(request.user, slug):
        award = next((award for award in found if award.ref == ref), found[0])
        return Choosing(award.hours_on, found, award)
    instruments = Instrument.objects.visible_to(request.user).select_related("organisation")
    return Choosing(get_object_or_404(instruments, slug=slug), [], None)


def for_move(request: SignedInRequest, ref: str) -> Choosing:
    booking = get_object_or_404(Booking.objects.visible_to(request.user).for_page(), ref=ref)
    if not request.user.has_perm("bookings.move_booking", booking):
        raise Forbidden
    return Choosing(booking.instrument, [booking.award], booking.award, booking)


def period_asked(choosing: Choosing, slot: SlotForm) -> Span:
    """The period that the chosen slot is."""
    return period_from(choosing.instrument, slot.cleaned_data["slot"], slot.cleaned_data["length"])


def instant(moment: datetime) -> str:
    """A moment as the slots of the pages carry it."""
    return moment.strftime("%Y-%m-%dT%H:%MZ")
