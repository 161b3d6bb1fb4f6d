"""Connectors at the relay's door: who calls, and whether they may stay.

A connector shows its token in the Authorization header; the row keeps its SHA-256. One look a second for all lines of a
process finds those that were revoked or paired anew, and cuts them.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.db import DatabaseError
from django.utils import timezone
from redis.exceptions import RedisError

from bookings.desktop.limits import Limits, address_of
from bookings.desktop.meeting import sweep, valkey
from bookings.desktop.rows import ask, ask_first
from instruments.actions.connector import digest_of, note_contacts
from instruments.models import Connector

logger = logging.getLogger(__name__)
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

REVOKED, REPLACED, PROTOCOL, LATER = 4003, 4006, 4008, 1013  # close codes; the program tells them apart
EVERY = 1.0  # seconds between two looks at the rows
PLACE_SECONDS = 15  # how long Valkey knows a place that nobody confirms
CONTACT_EVERY = 60  # looks between two notes of the last contact
TOKEN_MOST = 200  # bytes; ours have 47
KEEP = """
local held = redis.call('GET', KEYS[1])
if held == false or held == ARGV[1] then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) return 1 end
return 0
"""
GIVE_UP = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@dataclass(frozen=True)
class Caller:
    """A connector that proved itself: primary keys of it and its unit, the digest of its token, names for logs."""

    pk: int
    unit: int
    digest: str
    unit_name: str


@dataclass(eq=False)
class Held:
    """An open line of a connector; `place` is the name at which its control line takes calls, empty for a stream."""

    caller: Caller
    place: str = ""
    cut: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def cut_off(self, code: int) -> None:
        if not self.cut.done():
            self.cut.set_result(code)


async def admit(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> Caller | None:
    """The connector that opens this WebSocket; None when it was refused.

    401 for a token that is no good, 429 after too many of these from one address, 503 while the database is away.
    """
    await receive()
    address, token = address_of(scope), _token_of(scope)
    if LIMITS.is_trying(address):
        await refuse(scope, send, 429)
        return None
    try:
        caller = await ask(_find, digest_of(token)) if token else None
    except DatabaseError:
        logger.warning("a connector was sent away: the database does not answer", exc_info=True)
        await refuse(scope, send, 503)
        return None
    if caller is None:
        LIMITS.failed(address)
        await refuse(scope, send, 401)
    return caller


async def refuse(scope: MutableMapping[str, Any], send: Send, status: int) -> None:
    """Answer the handshake with an HTTP status; with 403 where the server cannot say another."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "websocket.http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "websocket.http.response.body", "body": b""})


async def first_of(work: Iterable[Awaitable[Any]], held: Held) -> int | None:
    """Run all until one ends or the line is cut, then stop the others. Returns the code of the cut, else None.

    Raises what the one that ended raised.
    """
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _others = await asyncio.wait([*tasks, held.cut], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if held.cut in done:
        return held.cut.result()
    for ended in done:
        ended.result()
    return None


class Watch:
    """Looks every second after the lines of this process; at rest while there are none."""

    def __init__(self) -> None:
        self._lines: set[Held] = set()
        self._task: asyncio.Task[NoReturn] | None = None
        self._looks = 0

    @contextlib.contextmanager
    def over(self, line: Held) -> Iterator[None]:
        """Watch this line while inside."""
        self._lines.add(line)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        try:
            yield
        finally:
            self._lines.discard(line)
            if not self._lines and self._task is not None:
                self._task.cancel()
                self._task = None

    async def _run(self) -> NoReturn:
        with contextlib.suppress(OSError):  # a folder that cannot be used is told where a place is made in it
            await sweep()
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self._look(list(self._lines))
            except (DatabaseError, RedisError, OSError) as error:
                logger.warning("connectors stay as they are, nothing says otherwise: %s", error)
            except Exception:  # nobody foresaw it: the next look comes all the same
                logger.exception("connectors were not looked after")

    async def _look(self, lines: list[Held]) -> None:
        good = await ask_first(_still_good, {line.caller.pk for line in lines})
        for line in lines:
            if (line.caller.pk, line.caller.digest) not in good:
                line.cut_off(REVOKED)
        places = [line for line in lines if line.place and not line.cut.done()]
        await self._keep(places)
        self._looks += 1
        if self._looks % CONTACT_EVERY == 0 and places:
            await ask_first(note_contacts, [line.caller.pk for line in places], timezone.now())

    async def _keep(self, lines: list[Held]) -> None:
        """Confirm the places of control lines; cut those whose connector called again elsewhere."""
        if not lines:
            return
        async with valkey() as client:
            pipe = client.pipeline(transaction=False)
            for line in lines:
                pipe.eval(KEEP, 1, place_key(line.caller.unit), place_value(line), PLACE_SECONDS)
            for line, is_ours in zip(lines, await pipe.execute(), strict=True):
                if not is_ours:
                    line.cut_off(REPLACED)


def place_key(unit: int) -> str:
    """Where Valkey says at which place the connector of this unit takes calls."""
    return f"connector:unit:{unit}"


def place_value(line: Held) -> str:
    return f"{line.caller.pk} {line.place}"


async def take_place(line: Held) -> None:
    """From now on calls for the unit come to this line; one that had them before is cut. Raises RedisError."""
    async with valkey() as client:
        await client.set(place_key(line.caller.unit), place_value(line), ex=PLACE_SECONDS)


async def leave_place(line: Held) -> bool:
    """Whether the place was still this line's; nobody is called there any more."""
    async with valkey() as client:
        return bool(await client.eval(GIVE_UP, 1, place_key(line.caller.unit), place_value(line)))


def _token_of(scope: MutableMapping[str, Any]) -> str:
    """What stands after `Bearer`, or an empty string."""
    shown = dict(scope["headers"]).get(b"authorization", b"")
    keyword, _space, token = shown.partition(b" ")
    if keyword.lower() != b"bearer" or len(token) > TOKEN_MOST or not token.isascii():
        return ""
    return str(token.strip().decode())


def _find(digest: str) -> Caller | None:
    row = Connector.objects.paired().filter(token_hash=digest).select_related("unit__instrument").first()
    if row is None:
        return None
    return Caller(row.pk, row.unit_id, digest, f"{row.unit.instrument.name}, {row.unit.name}")


def _still_good(pks: set[int]) -> set[tuple[int, str | None]]:
    return set(Connector.objects.paired().filter(pk__in=pks).values_list("pk", "token_hash"))


LIMITS = Limits()
WATCH = Watch()
