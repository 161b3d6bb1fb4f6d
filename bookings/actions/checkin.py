"""Operators say which sessions they run; of a session that needs one and has none staff are told.

Only sessions are locked here, and nothing is asked for that comes before them in the order of locks.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.enums import SessionState
from bookings.models import Booking, Session
from bookings.slots import DAY
from instruments.models import Instrument
from portal.accounts.models import User
from portal.audit.actions import entry, record, record_all
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction

OPENS = timedelta(hours=36)  # before that nobody knows who will be well and at work
NOT_OVER = (SessionState.SCHEDULED, SessionState.QUEUED, SessionState.READY, SessionState.LIVE)


def check_in(booking: Booking, *, by: User) -> Session:
    """Say "I run this session"; who says it last runs it, since any operator covers for another.

    Raises Forbidden; Refused `no_session`, `over` or `too_early`.
    """
    _check_permission(booking, by)

    def deed() -> Session:
        session, now = _locked(booking), timezone.now()
        if reason := reason_against(session, now):
            raise Refused(reason)
        if session.operator_id != by.pk:
            record(session, "check_in", by=by, instead_of=session.operator_id)
            _write(session, by, now)
        return session

    return in_transaction(deed)


def check_out(booking: Booking, *, by: User) -> Session:
    """Take it back before the session begins: somebody else must run it.

    Raises Forbidden; Refused `no_session` or `begun`.
    """
    _check_permission(booking, by)

    def deed() -> Session:
        session = _locked(booking)
        if session.starts_at <= timezone.now():
            raise Refused(Reason("begun", _("This session has begun. Another operator may check in instead.")))
        if session.operator_id is not None:
            record(session, "check_out", by=by, instead_of=session.operator_id)
            _write(session, None, None)
        return session

    return in_transaction(deed)


def check_in_for_day(day: date, *, by: User, zone: ZoneInfo | None = None) -> list[Session]:
    """Check in to every session at the own laboratories that begins on `day` and that nobody runs.

    The day is that of clocks in `zone`, else that of each laboratory. Returns those it was done to; what is over or too
    far ahead is left out, and another operator's stays theirs.
    """

    def deed() -> list[Session]:
        now = timezone.now()
        sessions = [session for session in _without_operator(day, by, zone) if reason_against(session, now) is None]
        for session in sessions:
            session.operator, session.checked_in_at, session.updated_at = by, now, now
        Session.objects.bulk_update(sessions, ["operator", "checked_in_at", "updated_at"])
        record_all(entry(session, "check_in", by=by) for session in sessions)
        return sessions

    return in_transaction(deed)


def reason_against(session: Session, now: datetime) -> Reason | None:
    """Why nobody can check in to the session at this moment; None where an operator may."""
    if session.state not in NOT_OVER or session.ends_at <= now:
        return Reason("over", _("This session is over."))
    if now < session.starts_at - OPENS:
        return Reason("too_early", _("Check in from 36 hours before the session on."))
    return None


def _check_permission(booking: Booking, by: User) -> None:
    if not by.has_perm("bookings.check_in_session", booking):
        raise Forbidden


def _locked(booking: Booking) -> Session:
    session = Session.objects.select_for_update(no_key=True).filter(booking=booking).first()
    if session is None:
        raise Refused(Reason("no_session", _("This booking has no live session.")))
    return session


def _without_operator(day: date, by: User, zone: ZoneInfo | None) -> list[Session]:
    """The sessions of `day` that wait for an operator where `by` is one, locked in the order of all locks."""
    midnight = datetime.combine(day, time(), UTC)
    rows = Session.objects.select_for_update(of=("self",), no_key=True).filter(
        booking__instrument__in=Instrument.objects.run_by(by).order_by().values("pk"),
        starts_at__range=(midnight - DAY, midnight + 2 * DAY),  # wherever on Earth the day is
        operator=None,
        state__in=NOT_OVER,
    )
    rows = rows.select_related("booking__instrument").order_by("booking__unit", "starts_at")
    return [row for row in rows if row.starts_at.astimezone(zone or row.booking.instrument.zone).date() == day]


def _write(session: Session, operator: User | None, moment: datetime | None) -> None:
    session.operator, session.checked_in_at = operator, moment
    session.save(update_fields=["operator", "checked_in_at", "updated_at"])
