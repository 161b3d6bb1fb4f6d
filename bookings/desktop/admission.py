"""Whether a socket may begin: its origin, its ticket, its cookie, and what the rows say."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http.request import validate_host
from django.utils import timezone

from bookings.desktop import codes
from bookings.desktop.sockets import CutOff
from bookings.desktop.tickets import Ticket, digest, take_ticket
from bookings.desktop.truth import Asked, Truth, person_cut, read
from bookings.models import Session
from portal.accounts.models import User

SUBPROTOCOL = "binary"
TICKET = "ticket."
COOKIES_MOST = 16_384  # bytes


@dataclass(frozen=True)
class Pass:
    """Who came in: keys of person and session (None for a check), what else the watch needs, the truth."""

    person: int
    browser: str
    session: int | None
    stamp: str
    truth: Truth

    def asked(self, number: int) -> Asked:
        return Asked(number, self.person, self.browser, self.session)


def comes_from_us(scope: Any) -> bool:
    """Whether one of our own pages opened the socket: Origin is SITE_URL, or the host it was sent to, one of ours."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if origin == settings.SITE_URL:
        return True
    try:
        found = urlsplit(origin)
        name = found.hostname or ""
    except ValueError:  # such as a bracket that nothing closes
        return False
    host = headers.get(b"host", b"").decode("latin-1")
    if not found.netloc or found.netloc != host or found.scheme not in ("http", "https"):
        return False
    if settings.SITE_URL.startswith("https://") and found.scheme != "https":
        return False
    return validate_host(name, settings.ALLOWED_HOSTS)


def shown_ticket(scope: Any) -> str:
    """The ticket among the subprotocols, or an empty string."""
    offered = scope.get("subprotocols", [])
    tickets = [name.removeprefix(TICKET) for name in offered if name.startswith(TICKET)]
    return tickets[0] if SUBPROTOCOL in offered and len(tickets) == 1 else ""


def browser_of(scope: Any) -> str:
    """The session key in the cookie, or an empty string."""
    raw = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    if len(raw) > COOKIES_MOST:
        return ""
    try:
        cookies = SimpleCookie(raw.decode("latin-1"))
    except CookieError:
        return ""
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


def admit(purpose: str, ref: str, shown: str, browser: str) -> Pass:
    """Take the ticket and read the rows. Raises CutOff; RedisError and DatabaseError when those are away.

    The ticket is gone whoever shows it: one that was stolen opens nothing for anybody.
    """
    ticket = take_ticket(shown) if shown else None
    if ticket is None or ticket.purpose != purpose or ticket.browser != digest(browser):
        raise CutOff(codes.BAD_TICKET)
    stamp = _stamp_of(ticket, browser)
    session = _session_of(ticket, ref)
    truth = read([Asked(0, ticket.user, browser, session)], timezone.now()).get(0)
    cut = person_cut(truth, stamp)
    if truth is None or cut is not None:
        raise CutOff(cut or codes.REMOVED)
    return Pass(ticket.user, browser, session, stamp, truth)


def _stamp_of(ticket: Ticket, browser: str) -> str:
    """The stamp of the password that the cookie belongs to. Raises CutOff where it is not that of who asked."""
    request = cast(Any, SimpleNamespace(session=SessionStore(browser)))
    user = get_user(request)
    if not isinstance(user, User) or user.pk != ticket.user:
        raise CutOff(codes.SIGNED_OUT)
    return digest(user.password)


def _session_of(ticket: Ticket, ref: str) -> int | None:
    if ticket.booking is None:
        if ref:
            raise CutOff(codes.BAD_TICKET)
        return None
    found = Session.objects.filter(booking=ticket.booking, booking__ref=ref).values_list("pk", flat=True).first()
    if found is None:
        raise CutOff(codes.BAD_TICKET)
    return int(found)
