"""What the choice of a time is for, and what was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bookings.actions.changes import check_may_move
from bookings.choice import awards_for
from bookings.facts import period_from
from bookings.forms import SlotForm
from bookings.models import Booking
from bookings.slots import Span
from calls.enums import AwardKind
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import User
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Forbidden, Reason, Refused


@dataclass(frozen=True)
class Choosing:
    """What the choice of a time is for: a new booking with one of `awards`, or the move of `moving`."""

    instrument: Instrument
    awards: list[Award]
    award: Award | None
    moving: Booking | None = None

    @cached_property
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
    """The instrument with the awards this person may book it with, the one called `ref` or the first of them chosen."""
    found = awards_for(request.user, slug)
    if award := next((award for award in found if award.ref == ref), None):
        return Choosing(award.hours_on, found, award)
    if award := _named(request.user, ref):
        return Choosing(_instrument(request, slug), [award, *found], award)
    if found:
        return Choosing(found[0].hours_on, found, found[0])
    return Choosing(_instrument(request, slug), [], None)


def other_award() -> Reason:
    """Against a form that names an award this person does not book with: another of theirs must not pay instead."""
    text = _("Only the award's holder and the focal points of its organisation book its hours.")
    return Reason("unknown_award", text)


def _named(user: User, ref: str) -> Award | None:
    """Another award that this person books with: any of them for staff, or one that is over or for elsewhere."""
    if not ref.isalnum():
        return None
    rows = Award.objects.visible_to(user).filter(kind=AwardKind.HOURS).select_related("holder")
    award = rows.filter(ref=ref).first()
    return award if award and user.has_perm("bookings.book_with", award) else None


def _instrument(request: SignedInRequest, slug: str) -> Instrument:
    rows = Instrument.objects.visible_to(request.user).select_related("organisation", "policy")
    return get_object_or_404(rows, slug=slug)


def for_move(request: SignedInRequest, ref: str) -> Choosing:
    booking = get_object_or_404(Booking.objects.visible_to(request.user).for_page(), ref=ref)
    if not request.user.has_perm("bookings.move_booking", booking):
        raise Forbidden
    return Choosing(booking.instrument, [booking.award], booking.award, booking)


def against_move(request: SignedInRequest, choosing: Choosing, period: Span | None = None) -> Sequence[Reason]:
    """Why the booking that is to move cannot, or not to `period`, whatever the rules say of that time."""
    if choosing.moving is None:
        return []
    try:
        check_may_move(choosing.moving, period, by=request.user)
    except Refused as refusal:
        return refusal.reasons
    return []


def period_asked(choosing: Choosing, slot: SlotForm) -> Span:
    """The period that the chosen slot is."""
    return period_from(choosing.instrument, slot.cleaned_data["slot"], slot.cleaned_data["length"])


def instant(moment: datetime) -> str:
    """A moment as the slots of the pages carry it."""
    return moment.strftime("%Y-%m-%dT%H:%MZ")
