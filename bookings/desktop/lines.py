"""A line: a socket that was let in, under the watch, until somebody or something ends it."""

import asyncio
import logging
import math
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookings.desktop import codes
from bookings.desktop.admission import Pass
from bookings.desktop.codes import Cut
from bookings.desktop.rfb import ProtocolError
from bookings.desktop.sockets import CutOff, Gone, Socket
from bookings.desktop.truth import Asked, Truth, person_cut
from bookings.desktop.watch import Watch
from bookings.enums import Leaving

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class End:
    """How a line ended: what the browser is told, and what the log keeps."""

    cut: Cut
    reason: str
    leaving: Leaving


class Line:
    """What all lines share. `truth` is what the rows last said of it."""

    def __init__(self, socket: Socket, passed: Pass, watch: Watch) -> None:
        self.socket, self.watch = socket, watch
        self.person = passed.person
        self.asked: Asked = passed.asked(watch.new_number())
        self.truth = passed.truth
        self._stamp = passed.stamp
        self._cut: asyncio.Future[CutOff] = asyncio.get_running_loop().create_future()

    def why_not(self, now: datetime) -> Cut | None:
        """Why the line must end, as its truth and the clock say; the person has been asked for already."""
        return None

    def seconds_left(self, now: datetime) -> float:
        standing = self.truth.standing
        return math.inf if standing is None else (standing.ends_at - now).total_seconds()

    def took_in(self, before: Truth) -> None:
        """The truth has just been read; `before` is what it was."""

    def hear(self) -> None:
        """Its session or person was spoken of."""

    def cut(self, cut: Cut, reason: str = "") -> None:
        """End it from outside; the first word counts."""
        if not self._cut.done():
            self._cut.set_result(CutOff(cut, reason))

    def look(self, truth: Truth | None, now: datetime) -> None:
        cut = person_cut(truth, self._stamp)
        if truth is None or cut is not None:
            self.cut(cut or codes.REMOVED)
            return
        before, self.truth = self.truth, truth
        if cut := self.why_not(now):
            self.cut(cut)
        else:
            self.took_in(before)

    def go_blind(self, now: datetime, *, too_long: bool) -> None:
        if cut := codes.RESTART if too_long else self.why_not(now):
            self.cut(cut)

    async def serve(self, work: Coroutine[Any, Any, None]) -> End:
        """Do the work until it ends or the line is cut; then close the socket, which is told why."""
        self.watch.add(self)
        task = asyncio.get_running_loop().create_task(work)
        ends: list[asyncio.Future[Any]] = [task, self._cut]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            end = _ended_by(self._cut.result()) if self._cut.done() else _end_of(task)
        except asyncio.CancelledError:
            end = End(codes.RESTART, "", Leaving.RESTART)
        finally:
            self.watch.remove(self)
            self._cut.cancel()
            task.cancel()
        await self.socket.close(end.cut, end.reason)
        await asyncio.gather(task, return_exceptions=True)
        return end


def _ended_by(error: CutOff) -> End:
    return End(error.cut, error.reason, error.cut.leaving)


def _end_of(task: asyncio.Task[None]) -> End:
    error = task.exception()
    if error is None:
        return End(codes.CLOSED, "", Leaving.LEFT)
    if isinstance(error, CutOff):
        return _ended_by(error)
    if isinstance(error, Gone):
        return End(codes.RESTART if error.leaving == Leaving.RESTART else codes.CLOSED, "", error.leaving)
    if isinstance(error, ProtocolError):
        logger.info("a line is cut: %s", error)
        return End(codes.PROTOCOL, error.side.value, Leaving.PROTOCOL)
    logger.error("a line failed", exc_info=error)
    return End(codes.FAULT, "", codes.FAULT.leaving)
