"""What waits for a person in bookings: sessions to join, requests and offers to answer."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.enums import FIRM, BookingState
from bookings.models import Booking, StandbyEntry, WaitlistEntry
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership
from portal.accounts.standing import memberships_of
from portal.core.waiting import Lines, Waiting

SHOWN = 5
SOON = timedelta(hours=1)


def waiting_for(user: Any) -> list[Lines]:
    """Requests to answer, then time to decide about, then sessions to join, in one question."""
    now, memberships = timezone.now(), memberships_of(user)
    run: set[int] = set() if user.is_staff else _organisations(memberships, Role.OPERATOR)
    led = _organisations(memberships, Role.FOCAL_POINT)
    every = Booking.objects.all()
    kinds = [every.to_decide(user, led, now), every.to_join(user, now, now + SOON)]
    kinds += [every.to_answer(run, now)] if run else []
    first, *others = (kind.values("pk")[:SHOWN] for kind in kinds)
    found = every.filter(pk__in=first.union(*others, all=True)).taken_part_by(user)
    rows = found.select_related("instrument__policy", "organisation", "award", "entry", "standby_entry", "session")
    return [Lines(rows, lambda rows: _lines(rows, user, run, led, now))]


def _lines(rows: list[Any], user: Any, run: set[int], led: set[int], now: datetime) -> list[Waiting]:
    """What they wait for: `run` and `led` are the organisations whose operator or focal point `user` is."""
    asked = [row for row in rows if row.state == BookingState.REQUESTED and row.instrument.organisation_id in run]
    mine = [row for row in rows if row.award.holder_id == user.pk or row.organisation_id in led]
    joined = [row for row in rows if row.award.holder_id == user.pk or row.takes_part or row.is_guest]
    return [*_requests(asked, now), *_to_decide(mine, now), *_coming(joined, now)]


def _organisations(memberships: list[Membership], role: Role) -> set[int]:
    """Where one of these, all the person's own, gives the role."""
    confirmed = (row for row in memberships if row.state == MembershipState.CONFIRMED)
    return {row.organisation_id for row in confirmed if row.role == role}


def _requests(rows: list[Any], now: datetime) -> list[Waiting]:
    """For operators: requests of their laboratory's instruments, the first to lapse first."""
    rows = [row for row in rows if row.end > now]
    return [
        Waiting(
            title=_("%(organisation)s asks for time on %(instrument)s")
            % {"organisation": booking.organisation, "instrument": booking.instrument},
            url=booking.get_absolute_url(),
            detail=_("Confirm or decline it, or it lapses."),
            when=booking.confirm_until,
            is_urgent=booking.confirm_until - now < timedelta(days=1),
        )
        for booking in _in_order(rows)
    ]


def _to_decide(rows: list[Any], now: datetime) -> list[Waiting]:
    """For who speaks for an award: time held from the waiting list, and bookings that something came in the way of."""
    offered = [row for row in rows if row.state == BookingState.HELD and _place_of(row) and row.held_until > now]
    disturbed = [row for row in rows if row.state in FIRM and row.disturbances and row.start > now]
    both = sorted([*offered, *disturbed], key=lambda row: row.held_until or row.start)[:SHOWN]
    return [_offer(booking) if booking.state == BookingState.HELD else _disturbed(booking, now) for booking in both]


def _in_order(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.start, row.pk))[:SHOWN]


def _place_of(booking: Booking) -> WaitlistEntry | StandbyEntry | None:
    """Where somebody waited who is offered this time."""
    return booking.entry or getattr(booking, "standby_entry", None)


def _offer(booking: Booking) -> Waiting:
    place = _place_of(booking)
    assert place is not None
    return Waiting(
        title=_("Time on %(instrument)s is held for you") % {"instrument": booking.instrument},
        url=place.get_absolute_url(),
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


def _coming(rows: list[Any], now: datetime) -> list[Waiting]:
    """Sessions of this person that run or begin within the hour; later ones need nothing yet."""
    near = [row for row in rows if row.state == BookingState.CONFIRMED and row.start < now + SOON and row.end > now]
    return [_session(booking, now) for booking in _in_order([row for row in near if hasattr(row, "session")])]


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
