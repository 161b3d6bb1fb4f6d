"""The registry of messages: each app's notices.py declares the kinds it sends."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]
Context = dict[str, Any]

PERSONAL = "token"  # the one key of `data` that may differ between readers of the same bulk message


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar object that travels with a mail: `method` as RFC 5546 names it, `text` with CRLF after each line."""

    method: str
    text: str


# (what `context` gave, the reader's address, the reader's account) -> what calendar programs are to do, or nothing
Calendar = Callable[[Context, str, int | None], CalendarPart | None]


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    `name` is `app.event`; its words are `templates/emails/<app>/<event>.subject.txt`, `.txt` and `.html`.
    `context(data)` turns the row's JSON into what the templates need when the message is delivered, in the reader's
    language and zone, and returns None when there is nothing left to say (the row is then suppressed).
    `unsubscribe(data)` gives the absolute address that ends the subscription, for RFC 8058; None: not a subscription.
    Templates know it as `unsubscribe_url`.
    `personal(data)` gives further texts that differ between readers of the same message, such as other links.
    A kind with one of these two is bulk: it is rendered once for all readers of one language and zone whose `data` are
    alike but for `token`. So its `context` gets the data without `token`, and what depends on it comes from the two.
    `secret` kinds lose their data once they are settled, since it opens doors.
    Subscribers may want their messages once a day or week, as parts of one digest: `has_part` kinds also have templates
    `<event>.part.txt` and `.part.html`, a few lines each; `unsubscribe` and `personal` are then the digest's.
    `about(data)` names what a part is about: of several about one thing a digest shows the newest that says something.
    `calendar(context, address, user_id)` gives what the reader's calendar program is to do, made in their language and
    zone; None: nothing for this reader. It names its reader, so a bulk kind has none.
    `prerendered` kinds carry `subject`, `text` and `html` (may be empty) in their data and need no templates.
    """

    name: str
    context: Callable[[Data], Context | None]
    unsubscribe: Callable[[Data], str] | None = None
    personal: Callable[[Data], dict[str, str]] | None = None
    has_part: bool = False
    about: Callable[[Data], str] | None = None
    calendar: Calendar | None = None
    secret: bool = False
    prerendered: bool = False

    @property
    def template(self) -> str:
        return "emails/" + self.name.replace(".", "/", 1)

    @property
    def is_subscription(self) -> bool:
        return self.unsubscribe is not None

    @property
    def is_bulk(self) -> bool:
        return self.is_subscription or self.personal is not None


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind to the registry; a second one of the same name is a mistake of ours, and so is a bulk calendar."""
    if kind.name in KINDS:
        raise ValueError(f"notification kind {kind.name} is declared twice")
    if kind.is_bulk and kind.calendar is not None:
        raise ValueError(f"notification kind {kind.name} is rendered once for many, its calendar names one reader")
    KINDS[kind.name] = kind
    return kind


def prerendered(name: str) -> Kind:
    """Return a kind for mails that somebody else's code words, such as allauth's; they carry keys, so it is secret."""
    return Kind(name, context=dict, secret=True, prerendered=True)
