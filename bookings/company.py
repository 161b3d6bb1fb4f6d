"""Who is in a session at a moment, as its page and the API tell it: read in a fixed number of statements."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.door import desktop_of, door_is_open
from bookings.enums import Part
from bookings.models import Attendance, Booking, ChatMessage, Session
from bookings.presence import KEPT, controller_at, standing_of
from instruments.enums import AccessMode
from portal.accounts.models import User
from portal.core.errors import Reason, Refused
from portal.core.together import ask_together

WRITES = timedelta(minutes=5)  # who said something so lately is about, with or without a desktop


@dataclass(frozen=True)
class Person:
    """Somebody of a session. `is_here`: the screen is open before them; `writes`: they said something lately."""

    user: User
    part: Part
    may_control: bool
    is_here: bool
    writes: bool
    has_control: bool
    asks_at: datetime | None

    @property
    def part_name(self) -> str:
        return str(self.part.label)


@dataclass(frozen=True)
class Control:
    """Who holds control and what `me` may do about it. `kept_until`: the holder's line dropped, it waits for them."""

    is_offered: bool  # there is a screen, and hands from afar may touch it
    is_open: bool
    holder: Person | None
    kept_until: datetime | None
    me: Person | None
    may_control: bool
    may_take: bool
    heirs: list[Person]

    @property
    def is_mine(self) -> bool:
        return self.me is not None and self.me.has_control

    @property
    def is_asked(self) -> bool:
        return self.me is not None and self.me.asks_at is not None


def company_of(booking: Booking, moment: datetime) -> list[Person]:
    """Everybody who takes part, has the screen open, holds control or wrote lately: those who are here first."""
    session = booking.session
    lines, said = session.attendances.here_at(moment).select_related("user"), _lately_said(session, moment)
    ask_together([lines, said])
    writers = {message.author for message in said}
    invited = [booking.award.holder, *booking.participants.all()]
    users = {user.pk: user for user in [*invited, *writers, *(line.user for line in lines)]}
    holder = controller_at(session, moment) if door_is_open(session, moment) else None
    if holder is not None and holder not in users:
        users[holder] = User.objects.get(pk=holder)
    found = list(_people(session, users, list(lines), {user.pk for user in writers}, holder))
    return sorted(found, key=lambda person: (not person.is_here, person.part == Part.OBSERVER, person.user.name))


def person_there(booking: Booking, key: int) -> User:
    """One of those in the session, by primary key. Raises Refused `not_here` where there is no such person."""
    for person in company_of(booking, timezone.now()):
        if person.user.pk == key:
            return person.user
    raise Refused(Reason("not_here", _("This person is not in the session at the moment.")))


def control_of(booking: Booking, user: User, company: list[Person], moment: datetime) -> Control:
    """What the page shows `user` of control, given who is there."""
    session = booking.session
    holder = next((person for person in company if person.has_control), None)
    me = next((person for person in company if person.user.pk == user.pk), None)
    is_mine = me is not None and me.has_control
    may_take = user.has_perm("bookings.take_control", booking)
    gives = is_mine or may_take
    heirs = [person for person in company if person.is_here and person.may_control and not person.has_control]
    return Control(
        is_offered=desktop_of(booking) is not None and booking.instrument.access_mode != AccessMode.OBSERVED,
        is_open=door_is_open(session, moment),
        holder=holder,
        kept_until=session.control_lost_at + KEPT if holder and session.control_lost_at else None,
        me=me,
        may_control=user.has_perm("bookings.control_session", booking),
        may_take=may_take and not is_mine,
        heirs=[person for person in heirs if person.user.pk != user.pk] if gives else [],
    )


def _lately_said(session: Session, moment: datetime) -> QuerySet[ChatMessage]:
    said = session.messages.filter(sent_at__gt=moment - WRITES).select_related("author")
    return said.order_by("author_id", "-pk").distinct("author_id")


def _people(
    session: Session, users: dict[int, User], lines: list[Attendance], writers: set[int], holder: int | None
) -> Iterator[Person]:
    standing = standing_of((session.pk, pk) for pk in users)
    asking = {line.user_id: line.asks_at for line in lines if line.asks_at}
    here = {line.user_id for line in lines}
    for pk, user in users.items():
        admission = standing.get((session.pk, pk))
        if admission is None:  # a move took the session away meanwhile
            continue
        yield Person(
            user=user,
            part=admission.part,
            may_control=admission.may_control,
            is_here=pk in here,
            writes=pk in writers,
            has_control=pk == holder,
            asks_at=asking.get(pk),
        )
