"""Who hears of a booking: the people of its side, and the laboratory's operators."""

from collections.abc import Collection, Iterable
from typing import Any

from bookings import notices
from bookings.enums import BookingState
from bookings.models import Booking
from instruments.actions import telling as laboratory
from portal.accounts.models import User
from portal.notifications.actions import Recipient, notify_each, reader
from portal.notifications.kinds import Kind

CONFIRMED_AT_ONCE = (notices.CONFIRMED, notices.ANNOUNCED)
TO_BE_ANSWERED = (notices.REQUESTED, notices.ASKED)


def people_of(booking: Booking) -> list[Recipient]:
    """Those who take part, the award's holder, and who booked; each once."""
    people = [*booking.participants.all(), booking.award.holder, booking.booked_by]
    return _each_once(people)


def operators_of(booking: Booking) -> list[Recipient]:
    """The confirmed operators of the laboratory."""
    return laboratory.operators_of(booking.instrument)


def tell_requested(booking: Booking, people: Collection[User]) -> None:
    """A new booking: its people read that it stands or waits, the operators that it came or waits for them."""
    side = _each_once([*people, booking.award.holder, booking.booked_by])
    confirmed = booking.state == BookingState.CONFIRMED
    to_people, to_laboratory = CONFIRMED_AT_ONCE if confirmed else TO_BE_ANSWERED
    _tell([(to_people, side), (to_laboratory, operators_of(booking))], booking)


def tell_people(booking: Booking, kind: Kind, *, why: str = "") -> None:
    _tell([(kind, people_of(booking))], booking, why=why)


def tell_operators(booking: Booking, kind: Kind, *, why: str = "") -> None:
    _tell([(kind, operators_of(booking))], booking, why=why)


def tell_everybody(booking: Booking, kind: Kind, *, why: str = "") -> None:
    """Both sides hear the same; somebody who is on both reads it once."""
    _tell([(kind, [*people_of(booking), *operators_of(booking)])], booking, why=why)


def tell_failed(booking: Booking, *, why: str) -> None:
    """Both sides hear why it could not be kept; its people are shown times at which it could be done instead."""
    _tell([(notices.FAILED, people_of(booking))], booking, why=why, instead=True)
    _tell([(notices.FAILED, operators_of(booking))], booking, why=why)


def tell_laboratory_and_staff(booking: Booking, kind: Kind) -> None:
    _tell([(kind, [*operators_of(booking), *staff()])], booking)


def staff() -> list[Recipient]:
    """Everybody who works at the portal."""
    return [reader(user) for user in User.objects.filter(is_staff=True, is_active=True).order_by("pk")]


def _tell(
    messages: Iterable[tuple[Kind, Iterable[Recipient]]], booking: Booking, *, why: str = "", **more: Any
) -> None:
    """Messages about this version of the booking: a booking moved twice is told twice, a tick run twice once."""
    data = {"booking": booking.pk, "version": booking.version} | ({"why": why} if why else {}) | more
    notify_each(messages, f"booking:{booking.pk}:{booking.version}", data)


def _each_once(people: Iterable[User]) -> list[Recipient]:
    return [reader(user) for user in {user.pk: user for user in people}.values() if user.is_active]
