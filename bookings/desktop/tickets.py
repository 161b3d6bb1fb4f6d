"""Tickets: a page asks for one, the socket shows it. Good once, for half a minute, for one browser and one purpose.

A WebSocket carries cookies to any page that opens it, so the cookie alone proves little; and an address with a secret
in it ends up in logs. The ticket goes as a subprotocol, and Valkey keeps only its SHA-256.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from functools import cache

from django.conf import settings
from redis import Redis

from portal.accounts.requests import SignedInRequest

DESKTOP, EVENTS, CHECK = "desktop", "events", "check"
GOOD_FOR = 30  # seconds
PATIENCE = 2.0  # seconds for Valkey to answer


@dataclass(frozen=True)
class Ticket:
    """Who asked for what: primary keys, and the SHA-256 of the browser's session key."""

    purpose: str
    user: int
    booking: int | None
    browser: str


def issue_ticket(request: SignedInRequest, purpose: str, booking: int | None = None) -> str:
    """Return a new ticket for the signed-in person behind `request`. Raises RedisError when Valkey is away."""
    made = secrets.token_urlsafe(32)
    held = Ticket(purpose, request.user.pk, booking, digest(request.session.session_key or ""))
    _valkey().set(_place(made), json.dumps(asdict(held)), ex=GOOD_FOR)
    return made


def take_ticket(shown: str) -> Ticket | None:
    """What the ticket says, and it is gone; None if there is no such ticket (any more). Raises RedisError."""
    kept = _valkey().getdel(_place(shown))
    return Ticket(**json.loads(kept)) if kept else None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _place(ticket: str) -> str:
    return f"ticket:{digest(ticket)}"


@cache
def _valkey() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
