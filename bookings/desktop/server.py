"""What uvicorn leaves open: patience with whoever connects and says nothing, and an end for sockets that stand still.

Given to uvicorn as `--http` and `--ws`; the relay works without them too, behind a proxy that has such patience itself.
"""

import asyncio
from collections import Counter
from typing import Any, cast

from django.conf import settings
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from bookings.desktop import figures

HEAD = 10.0  # seconds for the head of a request to be whole
WAITING = 100  # connections of one peer that have not said what they want; behind a proxy it is the proxy's to count
LAST_WORD = 5.0  # seconds for what is still to be sent to a socket that answers no pings


class PatientHTTP(H11Protocol):
    """Drops a connection whose request is not there in time, and those beyond what one peer may keep waiting."""

    _waiting: Counter[str] = Counter()
    _counted = ""
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        if not settings.TRUSTED_PROXIES and self._waiting[peer] >= WAITING:
            figures.TURNED_AWAY.labels("waiting").inc()
            transport.abort()
            return
        self._counted = peer
        self._waiting[peer] += 1
        self._timer = self.loop.call_later(HEAD, self._give_up)

    def handle_events(self) -> None:
        super().handle_events()
        if self.headers is not None:
            self._has_spoken()

    def connection_lost(self, exc: Exception | None) -> None:
        self._has_spoken()
        super().connection_lost(exc)

    def _give_up(self) -> None:
        figures.TURNED_AWAY.labels("silent").inc()
        self._has_spoken()
        self.transport.abort()

    def _has_spoken(self) -> None:
        if self._timer is None:
            return
        self._timer.cancel()
        self._timer = None
        self._waiting[self._counted] -= 1
        if not self._waiting[self._counted]:
            del self._waiting[self._counted]


class RelayWebSocket(WebSocketsSansIOProtocol):
    """Tells the application how to drop the connection, and drops one that answers no pings."""

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = cast(Any, self.scope)["extensions"]
            extensions["portal.abort"] = self.transport.abort

    def data_received(self, data: bytes) -> None:
        """A head that h11 took and websockets does not (too long a line) would leave the connection standing."""
        super().data_received(data)
        if not self.handshake_initiated:
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            self.transport.close()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.loop.call_later(LAST_WORD, self.transport.abort)
