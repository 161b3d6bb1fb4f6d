"""Who takes part in a booking, changed after it was made."""

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import news, notices
from bookings.enums import FIRM
from bookings.facts import Facts
from bookings.locks import lock_booking
from bookings.models import Booking
from bookings.policy import of_people
from bookings.standing import Standing
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction
from portal.notifications.actions import Recipient, notify_each, reader


def set_participants(booking: Booking, people: Collection[User], *, by: User) -> Booking:
    """Let `people` take part, and nobody else; those who come and those who go are told.

    Raises Forbidden, or Refused `nobody`, `over`, `not_of_the_award` or `certificate_missing`; nothing is changed then.
    """
    if not by.has_perm("bookings.change_participants", booking):
        raise Forbidden
    if not people:
        raise Refused(Reason("nobody", _("At least one person takes part in a booking.")))
    return in_transaction(lambda: _set(booking, {user.pk: user for user in people}, by))


def _set(booking: Booking, people: dict[int, User], by: User) -> Booking:
    row = lock_booking(booking)
    if row.state not in FIRM or row.end <= timezone.now():
        raise Refused(Reason("over", _("This booking is over or was given up.")))
    had = {user.pk: user for user in row.participants.all()}
    come = [user for pk, user in people.items() if pk not in had]
    gone = [user for pk, user in had.items() if pk not in people]
    if not come and not gone:
        return row
    _check(row, set(people))
    row.participants.set(people.values())
    for user in gone:
        news.user_changed(user.pk)
    come_ids, gone_ids = ([user.pk for user in users] for users in (come, gone))
    entry = record(row, "change_people", by=by, before=row.state, after=row.state, come=come_ids, gone=gone_ids)
    told = [(notices.ADDED, _readers(come, by)), (notices.REMOVED, _readers(gone, by))]
    notify_each(told, f"booking:{row.pk}:people:{entry.pk}", {"booking": row.pk})
    return row


def _check(row: Booking, people: set[int]) -> None:
    """The rules of who takes part; whether a sample is there was asked when the time was booked."""
    facts = Facts.read(row.instrument, row.span)
    standing = Standing.read(row.award, facts, timezone.now(), moving=row)
    against = of_people(facts, row.span, standing, by=None, people=people)
    if reasons := [reason for reason in against if reason.code != "sample_missing"]:
        raise Refused(*reasons)


def _readers(people: Collection[User], by: User) -> list[Recipient]:
    """Those of them who are to be told: who changes it knows."""
    return [reader(user) for user in people if user.is_active and user != by]
