"""What the rows say about open lines: one statement for all of them, and what follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bookings.desktop import codes
from bookings.desktop.codes import Cut
from bookings.enums import GIVEN_UP, Leaving, Part, SessionState
from bookings.presence import STANDING, Admission
from instruments.enums import Clipboard

# One row a line, by number; what its person may do in its session is `STANDING`, as the pages ask it too.
STATEMENT = f"""
SELECT line.number, person.is_active, encode(sha256(convert_to(person.password, 'UTF8')), 'hex'),
  EXISTS (SELECT FROM django_session cookie WHERE cookie.session_key = line.browser AND cookie.expire_date > %s),
  COALESCE(attendance.left_why, ''), COALESCE(desktop.clipboard, 'none'), standing.*
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[])
  AS line (number, person, browser, session, attendance)
JOIN accounts_user person ON person.id = line.person
LEFT JOIN ({STANDING}) AS standing (session, person)
  ON standing.session = line.session AND standing.person = line.person
LEFT JOIN bookings_session session ON session.id = line.session
LEFT JOIN bookings_booking booking ON booking.id = session.booking_id
LEFT JOIN instruments_desktop desktop ON desktop.unit_id = booking.unit_id
LEFT JOIN bookings_attendance attendance ON attendance.id = line.attendance
"""  # noqa: S608 put together from two constants


@dataclass(frozen=True)
class Asked:
    """A line as the statement knows it: primary keys, the browser's session key; no session for a mere check."""

    number: int
    person: int
    browser: str
    session: int | None = None
    attendance: int | None = None


@dataclass(frozen=True)
class Truth:
    """What the rows said of one line; `standing` is None where it has no session (any more).

    `stamp` is the SHA-256 of the password as it is kept; `left_why` is not empty once somebody closed the line's row.
    """

    is_active: bool
    stamp: str
    signed_in: bool
    left_why: str
    clipboard: Clipboard
    standing: Admission | None

    @property
    def part(self) -> Part:
        return Part.OBSERVER if self.standing is None else self.standing.part

    def may_control(self, person: int) -> bool:
        """Whether this person's clicks and keys may pass."""
        standing = self.standing
        return standing is not None and standing.may_control and standing.controller == person


def read(lines: Iterable[Asked], now: datetime) -> dict[int, Truth]:
    """The truth of each line by its number; one that is missing has lost its person's row. One statement."""
    asked = list(lines)
    columns: list[Any] = [
        [line.number for line in asked],
        [line.person for line in asked],
        [line.browser for line in asked],
        [line.session for line in asked],
        [line.attendance for line in asked],
    ]
    pairs = sorted({(line.session, line.person) for line in asked if line.session is not None})
    standing = [[session for session, _ in pairs], [person for _, person in pairs]]
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [now, *columns, *standing])
        return {number: _truth(*found) for number, *found in cursor.fetchall()}


def _truth(is_active: bool, stamp: str, signed_in: bool, left_why: str, clipboard: str, *standing: Any) -> Truth:
    session, _person, *rest = standing
    admission = Admission(*rest) if session is not None else None
    return Truth(is_active, stamp, signed_in, left_why, Clipboard(clipboard), admission)


def person_cut(truth: Truth | None, stamp: str) -> Cut | None:
    """Why the person behind a line must go: the account closed, signed out here or everywhere, another password."""
    if truth is None or not truth.is_active:
        return codes.REMOVED
    if not truth.signed_in or truth.stamp != stamp:
        return codes.SIGNED_OUT
    return None


def session_cut(truth: Truth, now: datetime) -> Cut | None:
    """Why nobody, or not this person, may follow the session; None also while it has not begun."""
    standing = truth.standing
    if standing is None or standing.session_state in (SessionState.ENDED, SessionState.FAILED, SessionState.MISSED):
        return codes.ENDED
    if standing.session_state == SessionState.CANCELLED or standing.booking_state in GIVEN_UP:
        return codes.CANCELLED
    if not standing.may_watch:
        return codes.REMOVED
    return codes.ENDED if now >= standing.ends_at else None


def door_cut(truth: Truth, now: datetime) -> Cut | None:
    """Why the desktop is closed to a person who is not in it yet."""
    if cut := session_cut(truth, now):
        return cut
    return None if truth.standing is not None and truth.standing.is_open(now) else codes.NOT_OPEN


def line_cut(truth: Truth, now: datetime) -> Cut | None:
    """Why an open desktop line must go; its row may have been closed (another window, a relay thought dead)."""
    if cut := door_cut(truth, now):
        return codes.CANCELLED if cut is codes.NOT_OPEN else cut
    return codes.BY_LEAVING[Leaving(truth.left_why)] if truth.left_why else None
