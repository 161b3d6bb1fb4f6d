"""Move sessions along: what is due follows from the row and the clock; who runs it, worker or page, does not matter."""

import logging
from copy import copy
from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings import news, notices
from bookings.actions.changes import end_badly
from bookings.actions.telling import tell_operators, tell_people
from bookings.actions.waitlist import offer_freed_time
from bookings.door import desktop_of, door_answers, opens_by_clock
from bookings.enums import BookingState, SessionState
from bookings.locks import lock_session, lock_to_free
from bookings.models import Booking, Session
from bookings.querysets import LEAST_GRACE, PREPARED_BEFORE
from bookings.rules import holds, takes_part
from bookings.slots import MINUTE, Span
from bookings.states import BOOKING_MOVES, SESSION_MOVES
from calls.actions.ledger import use
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.core.retry import in_transaction

logger = logging.getLogger(__name__)
TRIED_FOR = timedelta(minutes=1)  # a desktop that was switched on late answers the second or third time


def advance_session(booking: Booking) -> Session | None:
    """Do every move that is due now. Idempotent: two workers, a late worker or none at all come to the same."""

    def deed() -> Session | None:
        row = lock_to_free(booking)
        session = lock_session(row)
        if session is not None:
            _advance(row, session, timezone.now())
        return session

    return in_transaction(deed)


def begin_session(booking: Booking, *, by: User) -> Session:
    """Open the door by hand, from the start on. Raises Forbidden; Refused before, after and where nothing answers."""
    if not by.has_perm("bookings.begin_session", booking):
        raise Forbidden

    def deed() -> Session:
        row, session = locked(booking)
        now = timezone.now()
        _advance(row, session, now)
        if session.state == SessionState.LIVE:
            return session
        if now < session.starts_at:
            raise Refused(Reason("too_early", _("The session can begin when its time has come.")))
        if session.state == SessionState.QUEUED:
            raise Refused(
                Reason("not_answering", _("The instrument does not answer yet. The laboratory has been told."))
            )
        joined = {"joined_at": now} if (holds | takes_part).test(by, row) else {}
        _move(session, "open", by=by, opened_at=now, **joined)
        return session

    return in_transaction(deed)


def end_session(booking: Booking, *, by: User) -> Session:
    """Close the door before its time; whole steps that were not used return to the award."""
    if not by.has_perm("bookings.end_session", booking):
        raise Forbidden

    def deed() -> Session:
        row, session = locked(booking)
        now = timezone.now()
        if session.state == SessionState.LIVE and now >= session.ends_at:
            _advance(row, session, now)
        else:
            _end(row, session, now, by=by)
        return session

    return in_transaction(deed)


def complete_mail_in(booking: Booking) -> None:
    """The clock: work without a session is completed when its period is over."""

    def deed() -> None:
        row = lock_to_free(booking)
        now = timezone.now()
        if row.state == BookingState.CONFIRMED and row.end <= now and lock_session(row) is None:
            _complete(row, row.end, by=None)

    in_transaction(deed)


def due_verb(session: Session, now: datetime, *, answers: bool, by_clock: bool) -> str | None:
    """The move that the clock makes next, or None.

    `answers`: whether the instrument's door answers; `by_clock`: whether it opens by itself, so that nobody there is
    seen by who joined. One that nobody began is missed; one that the portal did not open in time has failed.
    """
    if session.state == SessionState.SCHEDULED:
        return "queue" if now >= session.starts_at - PREPARED_BEFORE else None
    if session.state == SessionState.QUEUED:
        if answers:
            return "prepare"
        return "fail" if now >= session.missed_at else None
    if session.state == SessionState.READY:
        if now >= session.missed_at:
            return "fail" if by_clock else "miss"
        return "open" if by_clock and now >= session.starts_at else None
    if session.state == SessionState.LIVE:
        if by_clock and session.joined_at is None and now >= _given_up_at(session):
            return "miss"
        return "end" if now >= session.ends_at else None
    return None


def state_at(session: Session, now: datetime) -> str:
    """The state that the clock has reached, whether or not a worker has written it yet."""
    answers, by_clock = door_answers(session.booking, now), opens_by_clock(session.booking)
    seen = copy(session)
    while verb := due_verb(seen, now, answers=answers, by_clock=by_clock):
        seen.state = next_state(SESSION_MOVES, verb, seen.state)
    return seen.state


def _given_up_at(session: Session) -> datetime:
    """When a door that stands open and that nobody came through counts as missed: late ones leave the same grace."""
    opened = session.opened_at or session.starts_at
    return min(max(session.missed_at, opened + LEAST_GRACE), session.ends_at)


def _advance(row: Booking, session: Session, now: datetime) -> None:
    """Every due move in turn, under the locks."""
    answers, by_clock = door_answers(row, now), opens_by_clock(row)
    while verb := due_verb(session, now, answers=answers, by_clock=by_clock):
        if verb == "end":
            _end(row, session, session.ends_at, by=None)
        elif verb == "miss":
            _miss(row, session, now)
        elif verb == "fail":
            end_badly(row, session, by=None, why=_why_failed(session))
        elif verb == "open":
            _move(session, verb, by=None, opened_at=now)
        else:
            _move(session, verb, by=None)
    if session.state == SessionState.QUEUED:
        _call_operator(row, session, now)


def _why_failed(session: Session) -> str:
    if session.state == SessionState.READY:
        return gettext_noop("The portal did not open the session in time.")
    return gettext_noop("The instrument did not answer.")


def _call_operator(row: Booking, session: Session, now: datetime) -> None:
    """Tell the operators once that nothing answers; of a desktop only once it was asked in vain for a while."""
    desktop = desktop_of(row)
    is_tried = desktop is None or (bool(desktop.trouble) and now >= session.starts_at - PREPARED_BEFORE + TRIED_FOR)
    if session.answer_told_at or not (is_tried or now >= session.starts_at):
        return
    logger.warning("instrument %s does not answer for booking %s", row.instrument.slug, row.ref)
    session.answer_told_at = now
    session.save(update_fields=["answer_told_at", "updated_at"])
    tell_operators(row, notices.NOT_ANSWERING)


def _end(row: Booking, session: Session, moment: datetime, *, by: User | None) -> None:
    _move(session, "end", by=by, closed_at=moment)
    _complete(row, moment, by=by)


def _miss(row: Booking, session: Session, moment: datetime) -> None:
    """Nobody came: the hours stay used, the time that is left is free for others."""
    _move(session, "miss", by=None, closed_at=moment)
    _move_booking(row, "miss", by=None)
    tell_people(row, notices.MISSED)
    _shorten(row, moment)


def _complete(row: Booking, moment: datetime, *, by: User | None) -> None:
    _move_booking(row, "complete", by=by)
    use(row.award, _used_minutes(row, moment), booking=row.ref, by=by, booked=row.minutes)
    _shorten(row, moment)


def _used_minutes(row: Booking, moment: datetime) -> int:
    """What a session that ended at `moment` costs: begun steps, or begun days, count whole; to its end, all of it."""
    if moment >= row.end:
        return row.minutes
    policy = row.instrument.policy
    step = 1440 if policy.whole_days else policy.step
    elapsed = max(Span(row.start, moment).minutes, 1)
    return min(-(-elapsed // step) * step, row.minutes)


def _shorten(row: Booking, moment: datetime) -> None:
    """Occupy the unit until `moment` and the change-over after it, never longer than before."""
    over = row.occupied.upper
    until = max(moment, row.occupied.lower + MINUTE) + timedelta(minutes=row.instrument.policy.after)
    if until < over:
        row.occupied = DateTimeTZRange(row.occupied.lower, until)
        row.save(update_fields=["occupied", "updated_at"])
        offer_freed_time(row.instrument, Span(until, over))


def locked(booking: Booking) -> tuple[Booking, Session]:
    """Booking and session as they are now, locked. Raises Refused `no_session`."""
    row = lock_to_free(booking)
    session = lock_session(row)
    if session is None:
        raise Refused(Reason("no_session", _("This booking has no live session.")))
    return row, session


def _move(session: Session, verb: str, *, by: User | None, **moments: datetime) -> None:
    before = session.state
    session.state = next_state(SESSION_MOVES, verb, before)
    for name, moment in moments.items():
        setattr(session, name, moment)
    session.save(update_fields=["state", "updated_at", *moments])
    record(session, verb, by=by, before=before, after=session.state)
    news.session_changed(session.pk)


def _move_booking(row: Booking, verb: str, *, by: User | None) -> None:
    before = row.state
    row.state = next_state(BOOKING_MOVES, verb, before)
    row.save(update_fields=["state", "updated_at"])
    record(row, verb, by=by, before=before, after=row.state)
