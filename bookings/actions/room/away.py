"""Who is not there hears that something was said: once for what is said without half an hour's pause."""

from datetime import timedelta

from django.db.models import F, Q, Window
from django.db.models.functions import Lag

from bookings import notices
from bookings.actions.telling import operators_of
from bookings.models import Attendance, ChatMessage, Session
from portal.notifications.actions import Recipient, notify, reader

QUIET = timedelta(minutes=30)


def tell_away(session: Session, message: ChatMessage) -> None:
    """Tell those who take part and who runs the session, but for its author and all whose line is open.

    The key of the message to each names where the talk began, so it goes out once until there was a pause.
    """
    here = Attendance.objects.here_at(message.sent_at).filter(session=session).values_list("user", flat=True)
    there = {*here, message.author_id}
    away = [person for person in _sides(session) if person.user_id not in there]
    if away:
        key = f"session:{session.pk}:{_beginning(session)}"
        notify(notices.SAID, key, away, {"chatmessage": message.pk})


def _sides(session: Session) -> list[Recipient]:
    """The holder, those who take part, and the operator who checked in; while none has, all of the laboratory's."""
    booking, operator = session.booking, session.operator
    people = [booking.award.holder, *booking.participants.all(), *([operator] if operator else [])]
    own = [reader(user) for user in people if user.is_active]
    return own if operator else [*own, *operators_of(booking)]


def _beginning(session: Session) -> int:
    """The message with which the talk began that goes on now."""
    before = Window(Lag("sent_at"), order_by=F("pk").asc())
    first = session.messages.annotate(before=before).filter(Q(before=None) | Q(before__lte=F("sent_at") - QUIET))
    pk: int = first.order_by("-pk").values_list("pk", flat=True)[0]
    return pk
