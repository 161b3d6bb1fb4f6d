"""Move sessions along: what is due follows from the row and the clock; who runs it, worker or page, does not matter."""

import logging
from copy import copy
from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings import notices
from bookings.actions.changes import end_badly
from bookings.actions.telling import tell_operators, tell_people
from bookings.actions.waitlist import offer_freed_time
from bookings.door import door_answers
from bookings.enums import BookingState, SessionState
from bookings.locks import lock_session, lock_to_free
from bookings.models import Booking, Session
from bookings.querysets import PREPARED_BEFORE
from bookings.slots import Span
from bookings.states import BOOKING_MOVES, SESSION_MOVES
from calls.actions.ledger import use
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.core.retry import in_transaction

logger = logging.getLogger(__name__)


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
        row, session = _locked(booking)
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
        _move(session, "open", by=by, opened_at=now)
        return session

    return in_transaction(deed)


def end_session(booking: Booking, *, by: User) -> Session:
    """Close the door before its time; whole steps that were not used return to the award."""
    if not by.has_perm("bookings.end_session", booking):
        raise Forbidden

    def deed() -> Session:
        row, session = _locked(booking)
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


def due_verb(session: Session, now: datetime, *, answers: bool) -> str | None:
    """The move that the clock makes next, or None. `answers`: whether the instrument's door answers."""
    if session.state == SessionState.SCHEDULED:
        return "queue" if now >= session.starts_at - PREPARED_BEFORE else None
    if session.state == SessionState.QUEUED:
        if answers:
            return "prepare"
        return "fail" if now >= session.missed_at else None
    if session.state == SessionState.READY:
        return "miss" if now >= session.missed_at else None
    if session.state == SessionState.LIVE:
        return "end" if now >= session.ends_at else None
    return None


def state_at(session: Session, now: datetime) -> str:
    """The state that the clock has reached, whether or not a worker has written it yet."""
    answers = door_answers(session.booking.instrument)
    seen = copy(session)
    while verb := due_verb(seen, now, answers=answers):
        seen.state = next_state(SESSION_MOVES, verb, seen.state)
    return seen.state


def _advance(row: Booking, session: Session, now: datetime) -> None:
    """Every due move in turn, under the locks."""
    answers = door_answers(row.instrument)
    while verb := due_verb(session, now, answers=answers):
        if verb == "end":
            _end(row, session, session.ends_at, by=None)
        elif verb == "miss":
            _miss(row, session, now)
        elif verb == "fail":
            end_badly(row, session, by=None, why=gettext_noop("The instrument did not answer."))
        else:
            _move(session, verb, by=None)
    if session.state == SessionState.QUEUED:
        logger.warning("instrument %s does not answer for booking %s", row.instrument.slug, row.ref)
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
    until, over = moment + timedelta(minutes=row.instrument.policy.after), row.occupied.upper
    if until < over:
        row.occupied = DateTimeTZRange(row.occupied.lower, until)
        row.save(update_fields=["occupied", "updated_at"])
        offer_freed_time(row.instrument, Span(until, over))


def _locked(booking: Booking) -> tuple[Booking, Session]:
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


def _move_booking(row: Booking, verb: str, *, by: User | None) -> None:
    before = row.state
    row.state = next_state(BOOKING_MOVES, verb, before)
    row.save(update_fields=["state", "updated_at"])
    record(row, verb, by=by, before=before, after=row.state)
