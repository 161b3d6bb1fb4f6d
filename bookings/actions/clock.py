"""What the clock does to bookings: rows found by query, each deed on its own. A missed or doubled tick is harmless."""

from collections.abc import Callable

from django.utils import timezone

from bookings import notices
from bookings.actions.changes import lapse_booking
from bookings.actions.each import each
from bookings.actions.session import complete_mail_in
from bookings.actions.telling import tell_laboratory_and_staff, tell_people
from bookings.enums import SessionState
from bookings.locks import lock_booking, lock_session
from bookings.models import Booking, Session
from portal.core.later import later
from portal.core.retry import in_transaction
from portal.notifications.kinds import Kind

BATCH = 200


def wake_due_sessions() -> int:
    """Wake a worker for each session that has a move due; return how many."""
    due = list(Session.objects.due_at(timezone.now()).values_list("booking", flat=True)[:BATCH])
    for booking in due:
        later("bookings.advance_session", booking)
    each(Booking.objects.mail_in_over_at(timezone.now())[:BATCH], complete_mail_in)
    return len(due)


def lapse_requests() -> int:
    """Lapse the requests that no operator answered in time."""
    return each(
        Booking.objects.unanswered_at(timezone.now()).select_related("instrument__policy")[:BATCH], lapse_booking
    )


def send_reminders() -> int:
    """Remind those who take part a day and a quarter of an hour before."""
    now = timezone.now()
    coming = Session.objects.coming_at(now)
    a_day = coming.filter(reminded_day_at=None, starts_at__lte=now + Session.DAY_BEFORE)
    soon = coming.filter(reminded_soon_at=None, starts_at__lte=now + Session.JUST_BEFORE)
    return each(a_day[:BATCH], _remind("reminded_day_at", notices.REMIND_DAY)) + each(
        soon[:BATCH], _remind("reminded_soon_at", notices.REMIND_SOON)
    )


def tell_of_absent_operators() -> int:
    """Tell the laboratory's operators and staff of sessions that need an operator soon and have none; once each."""
    return each(Session.objects.without_operator_at(timezone.now())[:BATCH], _tell_absence)


def _tell_absence(session: Session) -> None:
    def deed() -> None:
        booking = lock_booking(session.booking)
        row = lock_session(booking)
        if row is None or row.checked_in_at or row.absence_told_at or row.state not in COMING:
            return
        row.absence_told_at = timezone.now()
        row.save(update_fields=["absence_told_at", "updated_at"])
        tell_laboratory_and_staff(booking, notices.NO_OPERATOR)

    in_transaction(deed)


def _remind(field: str, kind: Kind) -> Callable[[Session], None]:
    def deed(session: Session) -> None:
        def locked() -> None:
            booking = lock_booking(session.booking)
            row = lock_session(booking)
            if row is None or getattr(row, field) or row.state not in COMING:
                return
            setattr(row, field, timezone.now())
            row.save(update_fields=[field, "updated_at"])
            tell_people(booking, kind)

        in_transaction(locked)

    return deed


COMING = (SessionState.SCHEDULED, SessionState.QUEUED, SessionState.READY)
