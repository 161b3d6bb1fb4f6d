"""The registry of messages: each app's notices.py declares the kinds it sends."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Context = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    `name` is `app.event`; its words are `templates/emails/<app>/<event>.subject.txt`, `.txt` and `.html`.
    `context(data)` turns the row's JSON into what the templates need when the message is delivered, and returns
    None when there is nothing left to say (the row is then suppressed).
    `unsubscribe(data)` gives the absolute address that ends the subscription, for RFC 8058; None: not a subscription.
    `secret` kinds lose their data once they are settled, since it opens doors.
    """

    name: str
    context: Callable[[dict[str, Any]], Context | None]
    unsubscribe: Callable[[dict[str, Any]], str] | None = None
    secret: bool = False

    @property
    def template(self) -> str:
        return "emails/" + self.name.replace(".", "/", 1)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind to the registry; a second one of the same name is a mistake of ours."""
    if kind.name in KINDS:
        raise ValueError(f"notification kind {kind.name} is declared twice")
    KINDS[kind.name] = kind
    return kind
