"""What waits for a person in bookings: sessions to join, requests and offers to answer."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.enums import BookingState
from bookings.models import Booking
from portal.accounts.enums import MembershipState, Role
from portal.accounts.standing import roles_of
from portal.core.waiting import Waiting

SHOWN = 5
SOON = timedelta(hours=1)
STANDING = (BookingState.REQUESTED, BookingState.CONFIRMED)


def waiting_for(user: Any) -> list[Waiting]:
    return [*_requests_to_answer(user), *_to_decide(user), *_coming(user)]


def _requests_to_answer(user: Any) -> list[Waiting]:
    """For operators: requests of their laboratory's instruments, the first to lapse first."""
    if user.is_staff or Role.OPERATOR not in roles_of(user):
        return []
    rows = Booking.objects.at_laboratories_of(user).requested().ending_after(timezone.now()).in_order()
    rows = rows.select_related("instrument__policy", "organisation")[:SHOWN]
    return [
        Waiting(
            title=_("%(organisation)s asks for time on %(instrument)s")
            % {"organisation": booking.organisation, "instrument": booking.instrument},
            url=booking.get_absolute_url(),
            detail=_("Confirm or decline it, or it lapses."),
            when=booking.confirm_until,
            is_urgent=booking.confirm_until - timezone.now() < timedelta(days=1),
        )
        for booking in rows
    ]


def _to_decide(user: Any) -> list[Waiting]:
    """For who speaks for an award: time held from the waiting list, and bookings that something came in the way of."""
    now = timezone.now()
    mine = Q(award__holder=user)
    if Role.FOCAL_POINT in roles_of(user):
        led = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.FOCAL_POINT)
        mine |= Q(organisation__in=led.values("organisation"))
    offered = Q(state=BookingState.HELD, held_until__gt=now, entry__isnull=False)
    disturbed = Q(state__in=STANDING, period__startswith__gt=now) & ~Q(disturbances=[])
    rows = Booking.objects.filter(mine, offered | disturbed).select_related("instrument", "entry")
    rows = rows.order_by(Coalesce("held_until", "period__startswith"))[:SHOWN]
    return [_offer(booking) if booking.state == BookingState.HELD else _disturbed(booking, now) for booking in rows]


def _offer(booking: Booking) -> Waiting:
    assert booking.entry is not None
    return Waiting(
        title=_("Time on %(instrument)s is held for you") % {"instrument": booking.instrument},
        url=booking.entry.get_absolute_url(),
        detail=_("Accept or decline it, or it goes on to the next."),
        when=booking.held_until,
        is_urgent=True,
    )


def _disturbed(booking: Booking, now: datetime) -> Waiting:
    return Waiting(
        title=_("Your time on %(instrument)s cannot be held as booked") % {"instrument": booking.instrument},
        url=booking.get_absolute_url(),
        detail=_("Move it, or cancel it free of charge."),
        when=booking.start,
        is_urgent=booking.start - now < timedelta(days=2),
    )


def _coming(user: Any) -> list[Waiting]:
    """Sessions of this person that run or begin within the hour; later ones need nothing yet."""
    now = timezone.now()
    rows = Booking.objects.filter(Q(participants=user) | Q(award__holder=user)).distinct()
    rows = rows.filter(state=BookingState.CONFIRMED, period__startswith__lt=now + SOON)
    rows = rows.exclude(session=None).ending_after(now).in_order().select_related("instrument", "session")[:SHOWN]
    return [_session(booking, now) for booking in rows]


def _session(booking: Booking, now: Any) -> Waiting:
    minutes = int((booking.start - now) / timedelta(minutes=1)) + 1
    text = ngettext("It begins in %(count)d minute.", "It begins in %(count)d minutes.", minutes) % {"count": minutes}
    return Waiting(
        title=_("Session on %(instrument)s") % {"instrument": booking.instrument},
        url=booking.session.get_absolute_url(),
        detail=_("It is time: open the session.") if minutes <= 0 else text,
        when=booking.start,
        is_urgent=True,
    )
