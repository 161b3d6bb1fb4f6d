"""How much one network address, and one person, may ask of a relay process: sockets at a time, tickets no good."""

import ipaddress
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.conf import settings

SOCKETS = 120  # at a time from one address: a class behind one router, three sockets each
WINDOWS = 6  # sockets of one kind at a time for one person: each check has a practice instrument of its own
TRIES = 30  # bad tickets in a minute
WINDOW = 60.0  # seconds
REMEMBERED = 10_000  # addresses


class Crowded(Exception):
    """This address, or this person, has as many sockets as it may."""


class Limits:
    """Counters of one process; a fleet of relays allows each address as much at each of them."""

    def __init__(self, sockets: int = SOCKETS, tries: int = TRIES) -> None:
        self.sockets, self.tries = sockets, tries
        self._open: Counter[tuple[object, ...]] = Counter()
        self._failed: dict[str, deque[float]] = {}

    def socket(self, address: str) -> AbstractContextManager[None]:
        """Count a socket of an address while it is open. Raises Crowded on entry."""
        return self._held((address,), self.sockets)

    def window(self, person: int, kind: str) -> AbstractContextManager[None]:
        """Count a socket of a person while it is open. Raises Crowded on entry."""
        return self._held((person, kind), WINDOWS)

    @contextmanager
    def _held(self, key: tuple[object, ...], most: int) -> Iterator[None]:
        if self._open[key] >= most:
            raise Crowded(key)
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    def failed(self, address: str) -> None:
        """Note a ticket that was no good."""
        if len(self._failed) >= REMEMBERED:
            self._failed.pop(next(iter(self._failed)))
        self._failed.setdefault(address, deque(maxlen=self.tries)).append(time.monotonic())

    def is_trying(self, address: str) -> bool:
        """Whether so many tickets of this address were no good lately that no more is looked at."""
        times = self._failed.get(address)
        return times is not None and len(times) >= self.tries and times[0] > time.monotonic() - WINDOW


def address_of(scope: Any) -> str:
    """Whose socket it is: the peer, or what the outermost of our own proxies wrote down. IPv6 counts by its /64."""
    peer = (scope.get("client") or ("",))[0]
    if settings.TRUSTED_PROXIES:
        values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        hops = [hop.strip() for hop in ",".join(values).split(",") if hop.strip()]
        if hops:
            peer = hops[-min(settings.TRUSTED_PROXIES, len(hops))]
    return _network(peer)


def _network(peer: str) -> str:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer[:64]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
