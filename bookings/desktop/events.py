"""The events line of a session, `/ws/sessions/<ref>/events`: says that something changed, and answers pings.

To the browser: `{"changed": ["state", "control", "people", "chat"]}`, those of them that may have; fetch them again.
From it: `{"ping": 1}`, answered `{"pong": 1}` at once, for the time there and back; four kilobytes and ten messages a
second at most.
"""

import asyncio
import json
import time
from datetime import datetime

from bookings.desktop import codes
from bookings.desktop.codes import Cut
from bookings.desktop.lines import Line
from bookings.desktop.sockets import CutOff
from bookings.desktop.truth import Truth, session_cut

MOST = 4096  # characters of a message
A_SECOND = 10  # messages
APART = 0.2  # seconds between two hints
SLOWEST = 120.0  # seconds in which a page has to ping, or it is gone
STATE, CONTROL, PEOPLE, CHAT = "state", "control", "people", "chat"
ALL = (STATE, CONTROL, PEOPLE, CHAT)


class EventsLine(Line):
    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._changed: set[str] = set()
        self._news = asyncio.Event()

    async def run(self) -> None:
        await self.serve(self._work())

    def why_not(self, now: datetime) -> Cut | None:
        return session_cut(self.truth, now)

    def took_in(self, before: Truth) -> None:
        was, is_now = before.standing, self.truth.standing
        if was is None or is_now is None:
            return
        if (was.controller, was.control_lost_at) != (is_now.controller, is_now.control_lost_at):
            self._tell(CONTROL)
        if (was.session_state, was.starts_at, was.ends_at) != (is_now.session_state, is_now.starts_at, is_now.ends_at):
            self._tell(STATE)

    def hear(self) -> None:
        self._tell(*ALL)

    def _tell(self, *what: str) -> None:
        self._changed.update(what)
        self._news.set()

    async def _work(self) -> None:
        pongs = asyncio.ensure_future(self._answer())
        hints = asyncio.ensure_future(self._hint())
        try:
            done, _others = await asyncio.wait({pongs, hints}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pongs.cancel()
            hints.cancel()
            await asyncio.gather(pongs, hints, return_exceptions=True)
        for task in done:
            task.result()

    async def _hint(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            changed, self._changed = self._changed, set()
            await self.socket.send(json.dumps({"changed": [name for name in ALL if name in changed]}))
            await asyncio.sleep(APART)

    async def _answer(self) -> None:
        pace = Pace(A_SECOND)
        while True:
            try:
                async with asyncio.timeout(SLOWEST):
                    message = await self.socket.receive()
            except TimeoutError:
                raise CutOff(codes.IDLE) from None
            pace.count()
            await self.socket.send(json.dumps({"pong": pinged(message)}))


class Pace:
    """At most so many messages a second, ten seconds' worth at once."""

    def __init__(self, a_second: float) -> None:
        self._a_second = a_second
        self._left, self._at = a_second * 10, time.monotonic()

    def count(self, messages: float = 1) -> None:
        """Raises CutOff when they come too fast."""
        now = time.monotonic()
        self._left = min(self._left + (now - self._at) * self._a_second, self._a_second * 10) - messages
        self._at = now
        if self._left < 0:
            raise CutOff(codes.PROTOCOL)


def pinged(message: bytes | str) -> int:
    """The number in a ping. Raises CutOff for anything else."""
    number = said(message).get("ping")
    if not isinstance(number, int):
        raise CutOff(codes.PROTOCOL)
    return number


def said(message: bytes | str) -> dict[str, object]:
    """A JSON object of four kilobytes at most. Raises CutOff."""
    try:
        word = json.loads(message) if isinstance(message, str) and len(message) <= MOST else None
    except (ValueError, RecursionError):
        word = None
    if not isinstance(word, dict):
        raise CutOff(codes.PROTOCOL)
    return word
