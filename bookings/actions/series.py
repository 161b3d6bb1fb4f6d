"""The same time every week: book several times in one go, all or none; cancel what is left of them."""

from collections.abc import Collection, Iterable
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import notices
from bookings.actions.booking import check_may_book, draft_of, or_taken, own_key, place
from bookings.actions.changes import cancel_booking
from bookings.actions.telling import operators_of, people_of
from bookings.enums import BookingState
from bookings.locks import lock_instrument
from bookings.models import Booking
from bookings.series import MOST
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import User
from portal.core.errors import Forbidden, Reason, Refused, Taken
from portal.core.retry import in_transaction
from portal.core.times import day_text
from portal.notifications.actions import notify_each
from portal.notifications.kinds import Kind


def book_series(
    instrument: Instrument,
    periods: Iterable[Span],
    award: Award,
    *,
    by: User,
    participants: Collection[User] = (),
    purpose: str = "",
    form_key: UUID | None = None,
) -> list[Booking]:
    """Book every one of the periods, at most 26, or none; in order of time. One mail tells of all of them.

    `form_key` as in `book_time`. Raises Forbidden, or Refused or Taken, whose sentences name the day that cannot be.
    """
    check_may_book(award, by)
    wanted = _wanted(periods)
    people = list(participants) or [award.holder]
    series, form_key = uuid4(), own_key(form_key, by)

    def deed() -> list[Booking]:
        keys = [form_key, *[None] * (len(wanted) - 1)]  # the first of them stands for the form
        drafts = [draft_of(instrument, award, by=by, purpose=purpose, series=series, form_key=key) for key in keys]
        booked = [_placed(draft, period, people) for draft, period in zip(drafts, wanted, strict=True)]
        _tell_booked(booked)
        return booked

    try:
        return or_taken(instrument, wanted[0], deed)
    except (Taken, IntegrityError, Refused):
        first = Booking.objects.filter(form_key=form_key).first() if form_key else None
        if first is None:
            raise
        return list(Booking.objects.series_of(first).in_order())


def cancel_series(booking: Booking, *, by: User, why: str = "") -> list[Booking]:
    """Cancel this booking's whole series as far as it is still to come, each on the terms of its own; all or none.

    Raises Forbidden, or Refused with `nothing_left`.
    """
    if not by.has_perm("bookings.cancel_booking", booking):
        raise Forbidden

    def deed() -> list[Booking]:
        coming = _lock_coming(booking)
        if not coming:
            raise Refused(Reason("nothing_left", _("Nothing of this series is still to come.")))
        cancelled = [cancel_booking(row, by=by, why=why, is_told=False) for row in coming]
        cancelled.sort(key=lambda row: row.start)
        first = cancelled[0]
        readers = [*people_of(first), *operators_of(first)]
        key = f"series:{first.series}:{first.pk}:{first.version}"
        notify_each([(notices.SERIES_CANCELLED, readers)], key, _about(cancelled) | {"why": why})
        return cancelled

    return in_transaction(deed)


def _wanted(periods: Iterable[Span]) -> list[Span]:
    """Each of the periods once, in order. Raises Refused `nothing_chosen` or `too_many`."""
    wanted = sorted(set(periods))
    if not wanted:
        raise Refused(Reason("nothing_chosen", _("Choose at least one of the times.")))
    if len(wanted) > MOST:
        raise Refused(Reason("too_many", _("Book at most %(most)d times in one go.") % {"most": MOST}))
    return wanted


def _placed(draft: Booking, period: Span, people: list[User]) -> Booking:
    """`place`, whose refusal names the day; it is told of together with the others."""
    try:
        return place(draft, period, people, is_told=False)
    except Refused as error:
        sentence = _("%(day)s: %(sentence)s")
        values = [(reason, {"day": day_text(period.start), "sentence": reason.message}) for reason in error.reasons]
        refused = Refused(*(Reason(reason.code, sentence % named) for reason, named in values))
        refused.status = error.status
        raise refused from error


def _tell_booked(booked: list[Booking]) -> None:
    """Its people read which times stand or wait for the laboratory, the operators which came or wait for them."""
    first = booked[0]
    is_confirmed = first.state == BookingState.CONFIRMED
    to_laboratory: Kind = notices.SERIES_ANNOUNCED if is_confirmed else notices.SERIES_ASKED
    messages = [(notices.SERIES_BOOKED, people_of(first)), (to_laboratory, operators_of(first))]
    notify_each(messages, f"series:{first.series}", _about(booked))


def _about(rows: list[Booking]) -> dict[str, list[int]]:
    return {"bookings": [row.pk for row in rows]}


def _lock_coming(booking: Booking) -> list[Booking]:
    """The active bookings of the series that have not begun, locked in the order that all take."""
    lock_instrument(booking.instrument)
    Award.objects.select_for_update(no_key=True).only("pk").get(pk=booking.award_id)
    rows = Booking.objects.series_of(booking).active().filter(period__startswith__gt=timezone.now())
    rows = rows.select_related("instrument", "award")
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("unit", "period"))
