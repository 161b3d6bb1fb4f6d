"""The watch of one relay process: every second, and at once on news, the rows are read for all its lines.

Valkey only makes it quicker. While it is away the rows decide within a second; while the database is away lines go on
until their end as last known, at most `BLIND` seconds: nobody could be shut out meanwhile.
"""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from django.db import DatabaseError
from django.utils import timezone
from redis.exceptions import RedisError

from bookings.actions import attendance
from bookings.desktop import figures, rows
from bookings.desktop.meeting import valkey
from bookings.desktop.truth import Asked, Truth, read
from bookings.news import channel_of

logger = logging.getLogger(__name__)
EVERY = 1.0  # seconds between two looks
APART = 0.05  # seconds at least between two looks, however much is told
BLIND = 60.0  # seconds that lines go on while the rows cannot be read
SEEN_EVERY = 5.0  # seconds between two notes that lines are alive
SILENCE = 20.0  # seconds after which Valkey is asked whether it is still there


class Watched(Protocol):
    """What the watch looks after. `asked.number` is its name here."""

    @property
    def asked(self) -> Asked: ...

    def seconds_left(self, now: datetime) -> float:
        """Until the clock ends it, as far as is known."""

    def look(self, truth: Truth | None, now: datetime) -> None:
        """Take in what the rows say (None: the person's account is gone), and end if they say so."""

    def go_blind(self, now: datetime, *, too_long: bool) -> None:
        """The rows cannot be read: keep to what is known, or end where that has been so for too long."""

    def hear(self) -> None:
        """Something of the line's session or person changed, and its truth has just been read."""


class Watch:
    """`relay` names this process in the rows of attendance."""

    def __init__(self) -> None:
        self.relay = secrets.token_hex(8)
        self._lines: dict[int, Watched] = {}
        self._told: set[int] = set()  # lines that news spoke of
        self._next = 1
        self._wake = asyncio.Event()
        self._read_at = time.monotonic()
        self._tasks: list[asyncio.Task[None]] = []

    def new_number(self) -> int:
        self._next += 1
        return self._next

    def add(self, line: Watched) -> None:
        if not self._tasks:
            self._begin()
        self._lines[line.asked.number] = line
        self._wake.set()

    def remove(self, line: Watched) -> None:
        self._lines.pop(line.asked.number, None)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def _begin(self) -> None:
        self._read_at = time.monotonic()
        loop = asyncio.get_running_loop()
        works = (self._look_on, self._listen_on, self._note_on)
        self._tasks = [loop.create_task(_unceasing(work)) for work in works]

    async def _look_on(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._until_next()):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            await self._look()
            await asyncio.sleep(APART)

    def _until_next(self) -> float:
        """Seconds until the next look: a second, or less where a session ends before."""
        now = timezone.now()
        left = [line.seconds_left(now) for line in self._lines.values()]
        return min([EVERY, *(seconds for seconds in left if seconds > 0)])

    async def _look(self) -> None:
        lines = list(self._lines.values())
        if not lines:
            self._read_at = time.monotonic()
            return
        told, self._told = self._told, set()
        try:
            with figures.TRUTH_SECONDS.time():
                found = await rows.ask_first(read, [line.asked for line in lines], timezone.now())
        except Exception as error:  # noqa: BLE001 whatever it is, lines that nobody looks after have to end
            self._go_blind(lines, error)
            return
        self._read_at = time.monotonic()
        figures.TRUTH_AGE.set(0)
        now = timezone.now()
        for line in lines:
            try:
                line.look(found.get(line.asked.number), now)
            except Exception:
                logger.exception("what the rows say of a line cannot be understood; it ends")
                line.go_blind(now, too_long=True)
            if line.asked.number in told:
                line.hear()

    def _go_blind(self, lines: list[Watched], error: Exception) -> None:
        age = time.monotonic() - self._read_at
        logger.warning("the rows of %s lines cannot be read for %.0f s: %s", len(lines), age, error)
        figures.TRUTH_FAILURES.inc()
        figures.TRUTH_AGE.set(age)
        now = timezone.now()
        for line in lines:
            line.go_blind(now, too_long=age > BLIND)

    async def _listen_on(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                figures.NEWS_CONNECTED.set(0)
                logger.warning("Valkey tells no news (%s); the rows are read every second", error)
            await asyncio.sleep(EVERY)

    async def _listen(self) -> None:
        async with valkey() as client, client.pubsub() as news:
            await news.subscribe(channel_of(client))
            figures.NEWS_CONNECTED.set(1)
            self._wake.set()
            while True:
                message = await news.get_message(ignore_subscribe_messages=True, timeout=SILENCE)
                if message is None:
                    await news.ping()
                elif message["type"] == "message":  # not the answer to a ping
                    self._hear(message["data"])

    def _hear(self, data: bytes) -> None:
        try:
            word: dict[str, Any] = json.loads(data)
        except ValueError:
            logger.warning("news that cannot be read: %.100r", data)
            return
        for number, line in self._lines.items():
            of_session = line.asked.session is not None and word.get("session") == line.asked.session
            if of_session or word.get("user") == line.asked.person:
                self._told.add(number)
        if self._told:
            self._wake.set()

    async def _note_on(self) -> None:
        """Lines are alive, as long as this process is; those of a process that was killed are not."""
        while True:
            await asyncio.sleep(SEEN_EVERY)
            keys = [line.asked.attendance for line in self._lines.values() if line.asked.attendance is not None]
            try:
                if keys:
                    await rows.ask(attendance.see_lines, keys, relay=self.relay)
                    await rows.ask(attendance.forget_orphans)
            except (DatabaseError, OSError) as error:
                logger.warning("who is there cannot be noted: %s", error)


async def _unceasing(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work for ever: a part of the watch that fails in a way that nobody foresaw begins anew."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("a part of the watch failed")
        await asyncio.sleep(EVERY)
