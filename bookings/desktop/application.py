"""The relay as an ASGI application: which socket goes where, and who is turned away at the door.

Cheap refusals come first: too many sockets of one address and pages that are not ours never get a socket at all. All
other reasons are told by a close code (see `codes`), which a page can only read on a socket that was accepted.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from redis.exceptions import RedisError

from bookings.desktop import codes, connectors, figures, rows, tickets
from bookings.desktop.admission import SUBPROTOCOL, Pass, admit, browser_of, comes_from_us, shown_ticket
from bookings.desktop.checks import CheckDesktop, Echo
from bookings.desktop.events import EventsLine
from bookings.desktop.limits import Crowded, Limits, address_of
from bookings.desktop.sessions import DesktopLine, check_door
from bookings.desktop.sockets import CutOff, Gone, Socket
from bookings.desktop.watch import Watch

logger = logging.getLogger(__name__)
OF_SESSION = re.compile(r"^/ws/sessions/(?P<ref>[\w-]{1,40})/(?P<name>desktop|events)$")
STREAM = re.compile(r"^/ws/connectors/streams/(?P<stream>[\w-]{1,100})$")
CONTROL = "/ws/connectors/"


@dataclass(frozen=True)
class Way:
    """Where a socket leads: the kind of line, the purpose of the ticket it takes, the session's booking."""

    name: str
    line: type[DesktopLine | EventsLine | CheckDesktop | Echo]
    purpose: str
    ref: str = ""


CHECKS = {
    "/ws/check/desktop": Way("check", CheckDesktop, tickets.CHECK),
    "/ws/check/echo": Way("echo", Echo, tickets.CHECK),
}


class Relay:
    """All sockets of one process."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.limits = Limits()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one WebSocket until it ends."""
        address = address_of(scope)
        try:
            with self.limits.socket(address):
                await self._route(address, scope, receive, send)
        except Crowded:
            await _turn_away("sockets", receive, send)

    async def stop(self) -> None:
        await self.watch.stop()

    async def _route(self, address: str, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path == CONTROL:
            await connectors.serve_control(scope, receive, send)
        elif found := STREAM.match(path):
            await connectors.serve_stream(scope, receive, send, found["stream"])
        elif not comes_from_us(scope):
            await _turn_away("origin", receive, send)
        elif way := _way(path):
            await self._let_in(way, address, Socket(way.name, scope, receive, send))
        else:
            await _turn_away("path", receive, send)

    async def _let_in(self, way: "Way", address: str, socket: Socket) -> None:
        try:
            await socket.accept(SUBPROTOCOL)
            passed = await self._admit(way, address, socket)
        except CutOff as error:
            await socket.close(error.cut, error.reason)
        except Gone:
            await socket.close(codes.CLOSED)
        else:
            await self._serve(way, socket, passed)

    async def _serve(self, way: "Way", socket: Socket, passed: Pass) -> None:
        try:
            with self.limits.window(passed.person, way.name):
                await way.line(socket, passed, self.watch).run()
        except Crowded:
            await socket.close(codes.CROWDED)

    async def _admit(self, way: "Way", address: str, socket: Socket) -> Pass:
        """Raises CutOff."""
        if self.limits.is_trying(address):
            raise CutOff(codes.TOO_MANY_TRIES)
        try:
            passed = await rows.ask(admit, way.purpose, way.ref, shown_ticket(socket.scope), browser_of(socket.scope))
        except (DatabaseError, RedisError, OSError) as error:
            logger.warning("nobody can be let in: %s", error)
            raise CutOff(codes.RESTART) from error
        except CutOff as error:
            if error.cut in (codes.BAD_TICKET, codes.SIGNED_OUT):
                self.limits.failed(address)
            raise
        if way.purpose == tickets.DESKTOP:
            check_door(passed.truth, timezone.now())
        return passed


def _way(path: str) -> Way | None:
    if found := OF_SESSION.match(path):
        if found["name"] == "desktop":
            return Way("desktop", DesktopLine, tickets.DESKTOP, found["ref"])
        return Way("events", EventsLine, tickets.EVENTS, found["ref"])
    return CHECKS.get(path)


async def _turn_away(why: str, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Refuse the handshake: HTTP 403, no socket."""
    figures.TURNED_AWAY.labels(why).inc()
    await receive()
    await send({"type": "websocket.close", "code": 1008})
