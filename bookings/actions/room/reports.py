"""How a session went, told by each side once; and lost minutes that the laboratory returns to the award."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import notices
from bookings.actions.each import each
from bookings.actions.room.locked import locked
from bookings.actions.telling import tell_operators, tell_people
from bookings.enums import BookingState, SessionState
from bookings.locks import lock_booking
from bookings.models import Booking, Session, SessionReport
from calls.actions.ledger import give_back
from calls.enums import EntryKind
from calls.models import LedgerEntry
from portal.accounts.models import User
from portal.audit.actions import record
from portal.audit.models import Record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction

AFTER = timedelta(days=1)
NOT_LATER = timedelta(days=14)  # a portal that was away for weeks does not ask about old times
RETURN = "return_minutes"
LONGEST_REASON = 200  # letters, as the ledger's column
REPORTED = (SessionState.ENDED, SessionState.FAILED)


def write_report(booking: Booking, *, by: User, went: str, minutes_lost: int = 0, text: str = "") -> SessionReport:
    """Keep how it went, for the side that `by` stands on (the laboratory's, for who runs it and takes no part).

    Raises Forbidden; Refused `no_session`, `not_over`, `written` or `too_much`.
    """
    if not by.has_perm("bookings.report_session", booking):
        raise Forbidden

    def deed() -> SessionReport:
        session = locked(booking)
        side = is_of_laboratory(booking, by)
        if session.state not in REPORTED:
            raise Refused(Reason("not_over", _("A report can be written once the session has ended.")))
        if SessionReport.objects.filter(session=session, by_laboratory=side).exists():
            raise Refused(Reason("written", _("Your side has written its report already.")))
        if minutes_lost > booking.minutes:
            raise Refused(_more_than_booked(booking))
        report = SessionReport.objects.create(
            session=session, by_laboratory=side, author=by, went=went, minutes_lost=minutes_lost, text=text
        )
        record(session, "report", by=by, after=went, by_laboratory=side, minutes_lost=minutes_lost)
        return report

    return in_transaction(deed)


def return_minutes(booking: Booking, minutes: int, *, by: User, why: str) -> LedgerEntry:
    """Give minutes that were lost back to the award, once a booking, and never more than it paid.

    Raises Forbidden; Refused `not_over`, `no_reason`, `too_long`, `no_minutes`, `too_much` or `returned`.
    """
    if not by.has_perm("bookings.return_minutes", booking):
        raise Forbidden
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; the holder of the award reads it in the ledger.")))
    if len(why.strip()) > LONGEST_REASON:
        raise Refused(Reason("too_long", _("Say why in fewer words.")))
    if minutes <= 0:
        raise Refused(Reason("no_minutes", _("Enter how many minutes return to the award.")))

    def deed() -> LedgerEntry:
        row = lock_booking(booking)
        if row.state not in (BookingState.COMPLETED, BookingState.MISSED):
            raise Refused(Reason("not_over", _("Minutes can be returned once the session is over.")))
        if was_returned(row):
            raise Refused(Reason("returned", _("Minutes of this session have been returned already.")))
        if minutes > paid_minutes(row):
            raise Refused(_more_than_booked(row))
        record(row, RETURN, by=by, why=why.strip(), minutes=minutes)
        tell_people(row, notices.RETURNED, why=why.strip())
        return give_back(row.award, minutes, booking=row.ref, by=by, why=why.strip())

    return in_transaction(deed)


def paid_minutes(booking: Booking) -> int:
    """What the award has paid for the booking on balance: what was debited, less what came back since."""
    of_booking = Q(award=booking.award_id, booking=booking.ref)
    entries = LedgerEntry.objects.filter(of_booking).exclude(kind=EntryKind.ADJUSTED)
    moved = -sum(entries.values_list("minutes", flat=True))
    return max(0, min(booking.minutes, moved))


def was_returned(booking: Booking) -> bool:
    return Record.objects.filter(model=booking._meta.label_lower, row_id=booking.pk, verb=RETURN).exists()


def is_of_laboratory(booking: Booking, user: User) -> bool:
    """On which side somebody tells how it went: an operator or staff, unless they take part themselves."""
    takes_part = booking.award.holder_id == user.pk or booking.participants.filter(pk=user.pk).exists()
    return not takes_part


def remind_of_reports() -> int:
    """The clock: a day after a session ask each side that has not told yet how it went; return how many sessions."""
    now = timezone.now()
    over = Session.objects.filter(state=SessionState.ENDED, report_told_at=None)
    due = over.filter(closed_at__lte=now - AFTER, closed_at__gt=now - NOT_LATER).values_list("pk", flat=True)
    return each(due[:200], _remind)


def _remind(pk: int) -> int:
    def deed() -> int:
        rows = Session.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        rows = rows.select_related("booking__award__holder", "booking__booked_by", "booking__instrument")
        session = rows.filter(pk=pk, report_told_at=None).first()
        if session is None:  # told, or another worker is at it
            return 0
        session.report_told_at = timezone.now()
        session.save(update_fields=["report_told_at", "updated_at"])
        told = set(session.reports.values_list("by_laboratory", flat=True))
        if False not in told:
            tell_people(session.booking, notices.REPORT_DUE)
        if True not in told:
            tell_operators(session.booking, notices.REPORT_DUE_LABORATORY)
        return 1

    return in_transaction(deed)


def _more_than_booked(booking: Booking) -> Reason:
    sentence = _("No more than the %(number)s minutes that the award paid for this booking.")
    return Reason("too_much", sentence % {"number": paid_minutes(booking)})
