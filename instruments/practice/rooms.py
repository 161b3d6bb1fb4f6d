"""A room: an instrument, its picture, and those who look at it."""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from instruments.practice import memory
from instruments.practice.instrument import Instrument
from instruments.practice.rfb.viewer import Viewer
from instruments.practice.screen.canvas import Canvas
from instruments.practice.screen.desk import Desk

TICK = 0.095  # seconds between two pictures of an instrument at work
KEEP = 1.0  # seconds of a run that a kill may cost
PAUSE = 0.02  # seconds in which several clicks make one picture

log = logging.getLogger(__name__)


class Room:
    """One instrument for everybody who asks for it by this name. `is_lasting` ones outlive their viewers."""

    def __init__(
        self,
        name: str,
        *,
        is_lasting: bool,
        finished: Callable[[Instrument], None] | None = None,
        file: Path | None = None,
    ):
        """`file` keeps what the instrument was about over a restart."""
        self.id, self.is_lasting, self.file = name, is_lasting, file
        self.instrument = Instrument(name, finished)
        if file:
            memory.read(self.instrument, file)
        self.desk = Desk(self.instrument)
        self.canvas: Canvas | None = None  # two megabytes, only while somebody looks
        self.viewers: set[Viewer] = set()
        self.left_at = time.monotonic()
        self.touched = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return f"Practice diffractometer - {self.instrument.crystal.name}"

    @property
    def picture(self) -> Image.Image:
        if self.canvas is None:
            self.canvas = Canvas()
            self.canvas.show(self.desk.items())
        return self.canvas.picture

    @property
    def is_idle(self) -> bool:
        return not self.viewers and not self.instrument.is_busy

    async def show_to(self, viewer: Viewer) -> None:
        """Serve a viewer until it leaves."""
        if self.task is None:
            self.task = asyncio.create_task(self._live())
        self.viewers.add(viewer)
        try:
            await viewer.serve()
        finally:
            self.viewers.discard(viewer)
            self.left_at = time.monotonic()
            if not self.viewers:
                self.canvas = None

    def key(self, keysym: int) -> None:
        self._touch(lambda: self.desk.key(keysym))

    def press(self, x: int, y: int) -> None:
        self._touch(lambda: self.desk.press(x, y))

    def _touch(self, deed: Callable[[], None]) -> None:
        """A mistake of the instrument's ends neither the room nor the line."""
        try:
            deed()
        except Exception:  # told in the log, whatever it was: the next click finds the instrument as it is
            log.exception("practice instrument %s", self.id)
        self.touched.set()

    def refresh(self) -> None:
        """Paint what changed and tell the viewers, if there are any."""
        if self.canvas is None:
            return
        for box in self.canvas.show(self.desk.items()):
            for viewer in self.viewers:
                viewer.damage.add(box)
        for viewer in self.viewers:
            viewer.wake()

    def close(self) -> None:
        if self.task:
            self.task.cancel()
        for viewer in self.viewers:
            viewer.close()

    async def _live(self) -> None:
        """Let time pass for an instrument at work; let an idle one wait for a touch."""
        last = kept = time.monotonic()
        while True:
            if self.instrument.is_busy:
                await asyncio.sleep(max(PAUSE, last + TICK - time.monotonic()))
            else:
                await self.touched.wait()
                await asyncio.sleep(PAUSE)
                last = time.monotonic()
            self.touched.clear()
            now = time.monotonic()
            self._touch_by_time(now - last)
            last = now
            if self.file and (not self.instrument.is_busy or now > kept + KEEP):
                self.file = self.file if memory.write(self.instrument, self.file) else None
                kept = now

    def _touch_by_time(self, seconds: float) -> None:
        try:
            self.instrument.advance(seconds)
            self.refresh()
        except Exception:
            log.exception("practice instrument %s", self.id)
