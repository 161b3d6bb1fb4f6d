"""Lines to the desktop of a session, as the relay tells of them: who came, who is still there, who went and why."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.each import each
from bookings.actions.room.control import drop_control, pick_up_control
from bookings.enums import Leaving, Part
from bookings.models import Attendance, Session
from bookings.news import session_changed
from instruments.enums import AccessMode
from portal.accounts.models import User
from portal.core.errors import Reason, Refused
from portal.core.retry import in_transaction

MOST_OBSERVERS = 10  # at once; those who take part and the operators do not count


def join_line(session: Session, *, by: User, part: Part, relay: str) -> Attendance:
    """`by` reached the desktop through the relay of this name; an older line of theirs ends: one window a person.

    The first of those who take part gets control while nobody has it; who comes back in time keeps it. Raises Refused
    `crowded` where there are as many observers as may be.
    """

    def deed() -> Attendance:
        row, now = _locked(session.pk), timezone.now()
        _check_room(row, by, part, now)
        for older in Attendance.objects.open().filter(session=row, user=by):
            _replace(older, now)
        made = Attendance.objects.create(session=row, user=by, part=part, relay=relay, joined_at=now, seen_at=now)
        if part == Part.RESEARCHER and row.joined_at is None:  # from now on it is not missed
            row.joined_at = now
            row.save(update_fields=["joined_at", "updated_at"])
        pick_up_control(row, by, takes_part=part == Part.RESEARCHER and _allows_hands(row))
        session_changed(row.pk)
        return made

    return in_transaction(deed)


def see_lines(lines: Iterable[int], *, relay: str) -> int:
    """These lines of the relay are alive; return how many rows say so."""
    rows = Attendance.objects.open().filter(pk__in=list(lines), relay=relay)
    return rows.update(seen_at=timezone.now())


def leave_line(line: int, why: Leaving) -> None:
    """The line with this key ended; nothing happens where its row says so already."""
    in_transaction(partial(_leave, line, why, timezone.now()))


def forget_orphans() -> int:
    """Close the rows of lines whose relay went without a word, at the moment they were last seen. Return how many."""
    orphans = Attendance.objects.orphaned_at(timezone.now()).order_by("session_id", "pk").values_list("pk", flat=True)
    return each(list(orphans), _forget)


def _forget(line: int) -> bool:
    return in_transaction(partial(_leave, line, Leaving.LOST, None))


def _locked(session: int) -> Session:
    rows = Session.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("booking__instrument").get(pk=session)


def _allows_hands(session: Session) -> bool:
    return session.booking.instrument.access_mode == AccessMode.REMOTE_CONTROL


def _check_room(session: Session, by: User, part: Part, now: datetime) -> None:
    if part != Part.OBSERVER:
        return
    others = Attendance.objects.here_at(now).filter(session=session, part=Part.OBSERVER).exclude(user=by)
    if others.count() >= MOST_OBSERVERS:
        raise Refused(Reason("crowded", _("There are as many observers in this session as it takes.")))


def _leave(line: int, why: Leaving, moment: datetime | None) -> bool:
    """Close the row at `moment`, or when it was last seen; whether it was open (and, without a moment, orphaned)."""
    session_pk = Attendance.objects.filter(pk=line).values_list("session_id", flat=True).first()
    if session_pk is None:
        return False
    session = _locked(session_pk)
    row = Attendance.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=line)
    if row.left_at is not None or (moment is None and row.is_here(timezone.now())):
        return False
    left = moment or row.seen_at
    _close(row, why, left)
    drop_control(session, row.user, at=left, keep=why != Leaving.REMOVED)
    session_changed(session.pk)
    return True


def _replace(row: Attendance, now: datetime) -> None:
    """End an older line of the same person: by the new window, or long since if its relay is gone."""
    if row.is_here(now):
        _close(row, Leaving.REPLACED, now)
    else:
        _close(row, Leaving.LOST, row.seen_at)


def _close(row: Attendance, why: Leaving, moment: datetime) -> None:
    row.left_at, row.left_why, row.asks_at = moment, why, None
    row.save(update_fields=["left_at", "left_why", "asks_at"])
