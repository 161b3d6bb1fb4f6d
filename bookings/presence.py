"""What each person may do in each session at this moment, for many of both in one statement; and who is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from bookings.enums import Part, SessionState
from bookings.models import Attendance, Session

KEPT = timedelta(minutes=3)  # control, for somebody whose line dropped


@dataclass(frozen=True)
class Admission:
    """One person in one session. Only the controller's hands go through, and only while `may_control`."""

    session_state: str
    booking_state: str
    starts_at: datetime
    ends_at: datetime
    controller: int | None
    control_lost_at: datetime | None
    is_active: bool
    may_watch: bool
    may_control: bool
    takes_part: bool
    runs: bool

    @property
    def part(self) -> Part:
        """In what capacity they are there: who takes part is a researcher, even who runs the instrument too."""
        if self.takes_part:
            return Part.RESEARCHER
        return Part.OPERATOR if self.runs else Part.OBSERVER

    def is_open(self, moment: datetime) -> bool:
        return self.session_state == SessionState.LIVE and self.starts_at <= moment < self.ends_at


# By hand: the relay asks it every second for all its lines at once. It says what the predicates `may_watch`,
# `may_control` and `holds | takes_part` of bookings.rules say one by one; a test compares them.
STANDING = """
SELECT known.session, known.person, known.session_state, known.booking_state, known.starts_at, known.ends_at,
       known.controller_id, known.control_lost_at, known.is_active,
       known.is_active AND (known.takes_part OR known.runs OR known.is_staff OR known.leads OR known.is_guest),
       known.is_active AND (known.takes_part OR known.runs) AND known.access_mode <> 'observed',
       known.takes_part, known.runs
FROM (
    SELECT asked.session, asked.person, session.state AS session_state, booking.state AS booking_state,
           session.starts_at, session.ends_at, session.controller_id, session.control_lost_at,
           person.is_active, person.is_staff, instrument.access_mode,
           award.holder_id = person.id OR EXISTS (
               SELECT 1 FROM bookings_booking_participants part
               WHERE part.booking_id = booking.id AND part.user_id = person.id
           ) AS takes_part,
           EXISTS (
               SELECT 1 FROM accounts_membership held
               WHERE held.user_id = person.id AND held.organisation_id = instrument.organisation_id
               AND held.role = 'operator' AND held.state = 'confirmed'
           ) AS runs,
           EXISTS (
               SELECT 1 FROM accounts_membership held
               WHERE held.user_id = person.id AND held.organisation_id = booking.organisation_id
               AND held.role = 'focal_point' AND held.state = 'confirmed'
           ) AS leads,
           EXISTS (
               SELECT 1 FROM bookings_guest guest JOIN account_emailaddress address
               ON guest.email = lower(address.email) AND address.verified AND address.user_id = person.id
               WHERE guest.session_id = session.id AND guest.withdrawn_at IS NULL
           ) AS is_guest
    FROM unnest(%s::bigint[], %s::bigint[]) AS asked (session, person)
    JOIN bookings_session session ON session.id = asked.session
    JOIN bookings_booking booking ON booking.id = session.booking_id
    JOIN calls_award award ON award.id = booking.award_id
    JOIN instruments_instrument instrument ON instrument.id = booking.instrument_id
    JOIN accounts_user person ON person.id = asked.person
) known
"""


def standing_of(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Admission]:
    """What each (session, person) may do now, by their keys; pairs that do not exist any more are left out."""
    asked = sorted(set(pairs))
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [[session for session, _ in asked], [person for _, person in asked]])
        return {(row[0], row[1]): Admission(*row[2:]) for row in cursor.fetchall()}


def controller_at(session: Session, moment: datetime) -> int | None:
    """Who holds control: nobody any more three minutes after the controller's line dropped."""
    lost = session.control_lost_at
    return None if lost is not None and lost + KEPT <= moment else session.controller_id


def is_here(session: Session, person: int, moment: datetime) -> bool:
    return Attendance.objects.here_at(moment).filter(session=session, user=person).exists()
