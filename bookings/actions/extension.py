"""A session goes on longer than booked."""

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import news
from bookings.actions.holds import lapse_expired_holds
from bookings.actions.session import locked
from bookings.door import door_is_open
from bookings.facts import Facts, period_from
from bookings.free import Occupancy
from bookings.models import Booking, Session
from bookings.policy import verdict
from bookings.slots import Span
from bookings.standing import Standing
from calls.actions.ledger import spend
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import broken_constraint, in_transaction

OVERLAP = "booking_never_overlaps"
# Of the rules of booking, those that speak of the time that is added, or of the whole that comes of it.
ASKED = frozenset({"not_listed", "too_long", "outside_award", "award_not_active", "weekly_limit", "not_enough_hours"})


def extend_session(booking: Booking, *, by: User, seen: datetime | None = None) -> Session:
    """Let a live session go on for one more step of the policy (or day), which the award pays.

    `seen` is the end that `by` had before them: a double click, or two people at once, pay for one step.
    Raises Forbidden; Refused `no_session`, `not_live`, `another_end`, `followed`, `outside_hours`, `closed`, or what
    the policy and the award say. Nothing is written then.
    """
    if not by.has_perm("bookings.extend_session", booking):
        raise Forbidden
    try:
        return in_transaction(lambda: _extend(booking, by, seen))
    except IntegrityError as error:
        if broken_constraint(error) != OVERLAP:
            raise
        raise Refused(_followed()) from error


def _extend(booking: Booking, by: User, seen: datetime | None) -> Session:
    row, session = locked(booking)
    now = timezone.now()
    if not door_is_open(session, now):
        raise Refused(Reason("not_live", _("Only a session that is under way can be made longer.")))
    if seen is not None and seen != session.ends_at:
        raise Refused(another_end())
    period = longer(row)
    facts = Facts.read(row.instrument, period)
    if reasons := [*_against(facts, row, period)]:
        raise Refused(*reasons)
    occupied = facts.occupied(period)
    cost = max(facts.cost(period), row.minutes)  # less only where the policy counted days when it was booked
    lapse_expired_holds([row.unit_id], Span(row.occupied_span.end, occupied.end))
    if not _is_free(facts, row, occupied):
        raise Refused(_followed())
    if cost > row.minutes:
        spend(row.award, cost - row.minutes, booking=row.ref, by=by)
    row.period = DateTimeTZRange(period.start, period.end)
    row.occupied = DateTimeTZRange(row.occupied.lower, occupied.end)
    row.minutes, row.version = cost, row.version + 1
    row.save(update_fields=["period", "occupied", "minutes", "version", "updated_at"])
    session.ends_at = period.end
    session.save(update_fields=["ends_at", "updated_at"])
    record(row, "extend", by=by, before=row.state, after=row.state, until=period.end.isoformat())
    record(session, "extend", by=by, until=period.end.isoformat())
    news.session_changed(session.pk)
    return session


def may_extend(session: Session) -> bool:
    """Whether the button makes sense now: nobody follows and the laboratory stays open. The award is asked later."""
    row = session.booking
    if not door_is_open(session, timezone.now()):
        return False
    period = longer(row)
    facts = Facts.read(row.instrument, period)
    return _stays_open(facts, row, period) and _is_free(facts, row, facts.occupied(period))


def longer(row: Booking) -> Span:
    """The period with one more step, or day."""
    step = 1440 if row.instrument.policy.whole_days else row.instrument.policy.step
    return Span(row.start, period_from(row.instrument, row.end, step).end)


def _against(facts: Facts, row: Booking, period: Span) -> Iterator[Reason]:
    now = timezone.now()
    standing = Standing.read(row.award, facts, now, moving=row)
    yield from (reason for reason in verdict(facts, period, now, standing) if reason.code in ASKED)
    if not _stays_open(facts, row, period):
        yield Reason("outside_hours", _("The laboratory closes then."))


def _stays_open(facts: Facts, row: Booking, period: Span) -> bool:
    """Whether the laboratory is open, and not closed, while it would go on."""
    added = Span(row.end, period.end)
    return facts.is_listed and facts.is_open(added) and not any(shut.overlaps(added) for shut in facts.closures)


def _is_free(facts: Facts, row: Booking, occupied: Span) -> bool:
    """Whether nothing stands on its unit, and the unit itself in service, until then."""
    taken = Occupancy.read(facts, leaving_out=row).by_unit.get(row.unit_id)
    added = Span(row.end, occupied.end)
    return taken is not None and not any(span.overlaps(added) for span in taken)


def another_end() -> Reason:
    """It was made longer meanwhile, or what the page showed makes no sense."""
    return Reason("another_end", _("The session has another end by now. Look at it, then decide."))


def _followed() -> Reason:
    return Reason("followed", _("Somebody else has the time that follows."))
