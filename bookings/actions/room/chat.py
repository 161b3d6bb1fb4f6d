"""What is said in a session. It is kept with it and needs no desktop: on a thin line the words still come through.

A message is its own record of who said what when: it is never changed, so the history holds no second one.
"""

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import news
from bookings.actions.room.away import tell_away
from bookings.actions.room.locked import locked
from bookings.models import Booking, ChatMessage, Session
from portal.accounts.models import User
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction

LONGEST = 1000  # letters, as the column
MOST = 5000  # messages a session
A_WHILE, MOST_IN_A_WHILE = timedelta(seconds=30), 15
OPENS, CLOSES = timedelta(days=1), timedelta(days=1)  # around the session


class TooFast(Refused):
    """Sent more than anybody reads."""

    status = 429


def say(booking: Booking, text: str, *, by: User, form_key: UUID | None = None) -> ChatMessage:
    """Say something to everybody in the session; the same `form_key` twice is one message.

    From a day before the session until a day after it. Raises Forbidden; Refused `no_session`, `closed`, `empty`,
    `too_long` or `too_many`; TooFast `too_fast`.
    """
    if not by.has_perm("bookings.write_in_session", booking):
        raise Forbidden
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    _check_words(words)

    def deed() -> ChatMessage:
        session = locked(booking)
        key = uuid5(form_key, f"{session.pk}:{by.pk}") if form_key else None
        said = ChatMessage.objects.filter(form_key=key).first() if key else None
        if said is not None:
            return said
        _check_room(session, by)
        message = ChatMessage.objects.create(
            session=session, author=by, text=words, sent_at=timezone.now(), form_key=key
        )
        news.session_changed(session.pk)
        tell_away(session, message)
        return message

    return in_transaction(deed)


def is_chat_open(session: Session) -> bool:
    return session.starts_at - OPENS <= timezone.now() < session.ends_at + CLOSES


def _check_words(words: str) -> None:
    if not words:
        raise Refused(Reason("empty", _("Write something first.")))
    if len(words) > LONGEST:
        sentence = _("A message has at most %(number)s letters; this one has %(count)s. Send it in parts.")
        raise Refused(Reason("too_long", sentence % {"number": LONGEST, "count": len(words)}))


def _check_room(session: Session, by: User) -> None:
    if not is_chat_open(session):
        raise Refused(Reason("closed", _("The chat is open from a day before the session until a day after it.")))
    if session.messages.count() >= MOST:
        raise Refused(Reason("too_many", _("This chat is full.")))
    recent = session.messages.filter(author=by, sent_at__gt=timezone.now() - A_WHILE)
    if recent.count() >= MOST_IN_A_WHILE:
        raise TooFast(Reason("too_fast", _("That is a lot at once. Wait half a minute, then go on.")))
