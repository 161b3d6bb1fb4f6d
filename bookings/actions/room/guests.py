"""Who is invited to watch a session, by address; nobody learns whether an account has it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import news, notices
from bookings.actions.room.locked import locked
from bookings.enums import SessionState
from bookings.models import Booking, Guest, Session
from portal.accounts.models import User
from portal.audit.actions import history_of, record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction
from portal.notifications.actions import Recipient, notify, notify_apart
from portal.notifications.kinds import Kind

MOST = 30  # invitations that stand, a session; ten may watch at once
MOST_EVER = 100  # letters of invitation a session, to whom ever: nobody makes the portal write to the world
NOT_OVER = (SessionState.SCHEDULED, SessionState.QUEUED, SessionState.READY, SessionState.LIVE)


def invite_guest(booking: Booking, email: str, *, by: User) -> Guest:
    """Invite the reader of an address to watch, and write to them; a second time it changes nothing.

    Raises Forbidden; Refused `no_session`, `over` or `too_many`.
    """
    _check_permission(booking, by)
    address = email.strip().lower()

    def deed() -> Guest:
        session = locked(booking)
        if session.state not in NOT_OVER or session.ends_at <= timezone.now():
            raise Refused(Reason("over", _("This session is over; nobody can be invited any more.")))
        guest = Guest.objects.filter(session=session, email=address).first()
        if guest is not None and guest.withdrawn_at is None:
            return guest
        if session.guests.invited().count() >= MOST or _letters(session) >= MOST_EVER:
            sentence = _("At most %(number)s people can be invited to a session. Withdraw an invitation first.")
            raise Refused(Reason("too_many", sentence % {"number": MOST}))
        guest = guest or Guest(session=session, email=address)
        guest.invited_by, guest.withdrawn_at = by, None
        guest.save()
        entry = record(session, "invite_guest", by=by, guest=guest.pk)
        notify(notices.INVITED, f"guest:{guest.pk}:{entry.pk}", [_recipient(address, by)], {"guest": guest.pk})
        news.session_changed(session.pk)
        return guest

    return in_transaction(deed)


def withdraw_guest(booking: Booking, guest: Guest, *, by: User) -> Guest:
    """Take an invitation back: who came by it is out at once. Raises Forbidden; Refused `no_session`."""
    _check_permission(booking, by)

    def deed() -> Guest:
        session = locked(booking)
        row = Guest.objects.get(pk=guest.pk, session=session)
        if row.withdrawn_at is None:
            row.withdrawn_at = timezone.now()
            row.save(update_fields=["withdrawn_at", "updated_at"])
            record(session, "withdraw_guest", by=by, guest=row.pk)
            news.session_changed(session.pk)
        return row

    return in_transaction(deed)


def tell_guests(session: Session, kind: Kind) -> None:
    """Tell those who are invited that the session moved or will not be; inside the deed's transaction."""
    guests = list(session.guests.invited().select_related("invited_by"))
    if not guests:
        return
    version = session.booking.version
    notify_apart(
        (
            kind,
            f"guest:{guest.pk}:{version}",
            _recipient(guest.email, guest.invited_by),
            {"guest": guest.pk, "version": version},
        )
        for guest in guests
    )


def _letters(session: Session) -> int:
    return history_of(session).filter(verb="invite_guest").count()


def _recipient(address: str, by: User) -> Recipient:
    """An account with this verified address reads in its own language and zone, anybody else in the inviter's."""
    known = User.objects.filter(emailaddress__email=address, emailaddress__verified=True, is_active=True).first()
    as_read_by = known or by
    return Recipient(address, as_read_by.language, as_read_by.time_zone, known.pk if known else None)


def _check_permission(booking: Booking, by: User) -> None:
    if not by.has_perm("bookings.invite_guest", booking):
        raise Forbidden
