"""Whose hands move the instrument: one person at a time, written in the session's row, enforced by the relay."""

from datetime import datetime
from functools import partial

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import news
from bookings.actions.each import each
from bookings.actions.room.locked import locked_open
from bookings.door import door_is_open
from bookings.enums import SessionState
from bookings.models import Attendance, Booking, Session
from bookings.presence import KEPT, controller_at, is_here
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction


def ask_control(booking: Booking, *, by: User) -> Session:
    """Ask for control; where nobody holds it, get it at once. Asking twice keeps the first moment.

    Raises Forbidden; Refused `not_open`, or `not_here` without an open desktop.
    """
    _check("bookings.control_session", booking, by)

    def deed() -> Session:
        now = timezone.now()
        session = locked_open(booking, now)
        _check_here(session, by, now)
        holder = controller_at(session, now)
        if holder is None:
            _give(session, by.pk, "get_control", by=by)
        elif holder != by.pk and _note_asking(session, by, now):
            record(session, "ask_control", by=by, controller=holder)
            news.session_changed(session.pk)
        return session

    return in_transaction(deed)


def hand_over(booking: Booking, to: User, *, by: User) -> Session:
    """Give control to somebody who is there and may hold it; its holder does it, or an operator.

    Raises Forbidden; Refused `not_open`, `not_theirs` (may not hold it) or `not_here`.
    """
    runs = by.has_perm("bookings.take_control", booking)
    if not runs:
        _check("bookings.control_session", booking, by)

    def deed() -> Session:
        now = timezone.now()
        session = locked_open(booking, now)
        if controller_at(session, now) == to.pk:
            return session
        if not runs and session.controller_id != by.pk:
            raise Refused(Reason("not_yours", _("You do not hold control, so you cannot hand it over.")))
        if not to.is_active or not to.has_perm("bookings.control_session", booking):
            raise Refused(Reason("not_theirs", _("Control can go to those who take part and to operators only.")))
        _check_here(session, to, now)
        _give(session, to.pk, "hand_over", by=by)
        return session

    return in_transaction(deed)


def release_control(booking: Booking, *, by: User) -> Session:
    """Let go; who asked first gets it. Done by somebody who does not hold it, it changes nothing.

    Raises Forbidden; Refused `not_open`.
    """
    _check("bookings.control_session", booking, by)

    def deed() -> Session:
        now = timezone.now()
        session = locked_open(booking, now)
        if session.controller_id == by.pk:
            _free(session, "release_control", now, by=by)
        return session

    return in_transaction(deed)


def take_control(booking: Booking, *, by: User) -> Session:
    """Operators step in at any time, whoever holds it. Raises Forbidden; Refused `not_open` or `not_here`."""
    _check("bookings.take_control", booking, by)

    def deed() -> Session:
        now = timezone.now()
        session = locked_open(booking, now)
        _check_here(session, by, now)
        if controller_at(session, now) != by.pk:
            _give(session, by.pk, "take_control", by=by)
        return session

    return in_transaction(deed)


def pick_up_control(session: Session, user: User, *, takes_part: bool) -> None:
    """Somebody's line has just come: keep what was kept for them, or give them control that nobody holds.

    For the relay, with the session's row locked and the attendance written. Those who do not take part (operators,
    guests) must ask or take; so must everybody on an instrument that allows no hands (`takes_part` False).
    """
    now = timezone.now()
    holder = controller_at(session, now)
    if holder == user.pk and session.control_lost_at is not None:
        session.control_lost_at = None
        session.save(update_fields=["control_lost_at", "updated_at"])
        record(session, "resume_control", by=user)
        news.session_changed(session.pk)
    elif holder is None and takes_part:
        _give(session, user.pk, "get_control", by=user)


def drop_control(session: Session, user: User, *, at: datetime, keep: bool = True) -> None:
    """The last line of `user` to the session ended at `at`: control is kept for three minutes, or freed at once.

    For the relay, with the session's row locked and the attendance closed. `keep` is False where they were put out.
    """
    if session.controller_id != user.pk or is_here(session, user.pk, at):
        return
    if not door_is_open(session, at):
        return  # the end of the session took it, not a line that dropped
    if not keep:
        _free(session, "lose_control", at, by=None)
    elif session.control_lost_at is None:
        session.control_lost_at = at
        session.save(update_fields=["control_lost_at", "updated_at"])
        record(session, "drop_control", controller=user.pk)
        news.session_changed(session.pk)


def free_lost_control() -> int:
    """The clock: free what was kept three minutes for a line that did not come back; return how many."""
    now = timezone.now()
    due = Session.objects.filter(state=SessionState.LIVE, control_lost_at__lte=now - KEPT).values_list("pk", flat=True)
    return each(due, partial(_free_lost, now=now))


def _free_lost(pk: int, now: datetime) -> int:
    def deed() -> int:
        lost = Session.objects.select_for_update(no_key=True, skip_locked=True)
        session = lost.filter(pk=pk, state=SessionState.LIVE, control_lost_at__lte=now - KEPT).first()
        if session is None:
            return 0
        _free(session, "lose_control", now, by=None)
        return 1

    return in_transaction(deed)


def _check(permission: str, booking: Booking, by: User) -> None:
    if not by.has_perm(permission, booking):
        raise Forbidden


def _check_here(session: Session, user: User, now: datetime) -> None:
    if not is_here(session, user.pk, now):
        sentence = _("Control needs the instrument's screen to be open: %(name)s is not there at the moment.")
        raise Refused(Reason("not_here", sentence % {"name": user.name}))


def _note_asking(session: Session, by: User, now: datetime) -> bool:
    """Write since when `by` asks on their lines; False where they ask already."""
    lines = Attendance.objects.here_at(now).filter(session=session, user=by)
    if lines.filter(asks_at__isnull=False).exists():
        return False
    return bool(lines.update(asks_at=now))


def _give(session: Session, person: int, verb: str, *, by: User | None) -> None:
    before = session.controller_id
    session.controller_id, session.control_lost_at = person, None
    session.save(update_fields=["controller", "control_lost_at", "updated_at"])
    Attendance.objects.filter(session=session, user=person).update(asks_at=None)
    record(session, verb, by=by, had=before, has=person)
    news.session_changed(session.pk)


def _free(session: Session, verb: str, now: datetime, *, by: User | None) -> None:
    """Nobody holds it, or who asked first and is still there and entitled."""
    before = session.controller_id
    session.controller_id, session.control_lost_at = None, None
    session.save(update_fields=["controller", "control_lost_at", "updated_at"])
    record(session, verb, by=by, had=before)
    waiting = Attendance.objects.here_at(now).filter(~Q(user=before), session=session, asks_at__isnull=False)
    for line in waiting.order_by("asks_at").select_related("user"):
        if line.user.is_active and line.user.has_perm("bookings.control_session", session.booking):
            _give(session, line.user_id, "get_control", by=None)
            return
    news.session_changed(session.pk)
