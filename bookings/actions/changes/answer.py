"""A request is answered by the laboratory, or by the clock."""

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import notices
from bookings.actions.changes.carrying import resume_session
from bookings.actions.changes.steps import (
    check_permission,
    check_reason,
    not_begun,
    release,
    take_along,
    take_session_along,
)
from bookings.actions.telling import tell_everybody, tell_people
from bookings.locks import lock_booking, lock_session, lock_to_free
from bookings.models import Booking
from portal.accounts.models import User
from portal.core.errors import Reason, Refused
from portal.core.retry import in_transaction


def confirm_booking(booking: Booking, *, by: User) -> Booking:
    """An operator says yes to a request."""
    check_permission(by, "confirm", booking)

    def deed() -> Booking:
        row = lock_booking(booking)
        not_begun(row)
        take_along(row, "confirm", by=by)
        resume_session(row, by=by)
        tell_people(row, notices.CONFIRMED)
        return row

    return in_transaction(deed)


def decline_booking(booking: Booking, *, by: User, why: str) -> Booking:
    """An operator says no to a request, with a reason; the hours return."""
    check_permission(by, "decline", booking)
    check_reason(why)

    def deed() -> Booking:
        row = lock_to_free(booking)
        take_along(row, "decline", by=by, why=why)
        take_session_along(lock_session(row), "cancel", by=by)
        tell_people(row, notices.DECLINED, why=why)
        release(row, by=by, why="declined", returned=row.minutes)
        return row

    return in_transaction(deed)


def lapse_booking(booking: Booking) -> Booking:
    """The clock: nobody answered the request in time; the hours return."""

    def deed() -> Booking:
        row = lock_to_free(booking)
        if not row.confirm_until <= timezone.now():
            raise Refused(Reason("not_due", _("There is still time to confirm this request.")))
        take_along(row, "lapse", by=None)
        take_session_along(lock_session(row), "cancel", by=None)
        tell_everybody(row, notices.LAPSED)
        release(row, by=None, why="lapsed", returned=row.minutes)
        return row

    return in_transaction(deed)
