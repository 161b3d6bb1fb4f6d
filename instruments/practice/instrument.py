"""The instrument itself: what is on the needle, and what has been done with it. Knows no screen and no line."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple

from instruments.practice.beam.geometry import DISTANCES
from instruments.practice.beam.results import Result, result_of
from instruments.practice.beam.run import Run, Settings
from instruments.practice.beam.screening import Screening
from instruments.practice.beam.strategy import Plan, advised, plans
from instruments.practice.crystals.structures import CRYSTALS, Crystal

EXPOSURES, WIDTHS = (0.5, 1.0, 2.0, 5.0), (0.5, 1.0, 2.0)
LOG_KEPT = 200
REACH = 0.6  # millimetres that the needle can be moved from the middle
CENTRED = 0.03  # millimetres: nearer does not matter to a crystal of this size
FRAMES_A_SECOND, SCREENS_A_SECOND = 11, 2  # of the room's time: the instrument's own clock runs faster
BEHIND = 2  # frames made at once after a pause of the machine, not more


class Doing(Enum):
    NOTHING = "idle"
    SCREENING = "screening"
    COLLECTING = "collecting"
    PAUSED = "paused"


class Entry(NamedTuple):
    moment: datetime
    text: str


class Instrument:
    """A virtual diffractometer.

    `seed` decides how crystals are glued on and how noise falls; `finished(instrument)` is called when a run is whole.
    """

    def __init__(self, seed: str, finished: Callable[["Instrument"], None] | None = None):
        self.seed = seed
        self.finished = finished
        self.log: list[Entry] = []
        self.runs = 0
        self.doing = Doing.NOTHING
        self.mount(CRYSTALS[0])

    # The crystal

    def mount(self, crystal: Crystal) -> None:
        """Put a crystal on the needle: what was done with the one before is forgotten, but for the log."""
        if self.is_busy:
            return
        self.doing = Doing.NOTHING  # a collection that was paused is given up
        self.crystal = crystal
        self.needle = f"{self.seed} {crystal.name}"
        chance = random.Random(self.needle)  # noqa: S311 - no secret
        x, y, z = (chance.choice((-1, 1)) * chance.uniform(0.12, 0.3) for _ in range(3))
        self.offset = (x, y, z)
        self.view = 0  # degrees that the microscope's picture is turned about the axis
        self.settings = Settings()
        self.screening: Screening | None = None
        self.run: Run | None = None
        self.run_began_at: datetime | None = None  # a pause makes it no later
        self.result: Result | None = None
        self.due = 0.0
        self.say(f"{crystal.name} mounted, {crystal.size:.2f} mm across")

    def turn(self) -> None:
        """The crystal by a quarter, under the microscope."""
        self.view = (self.view + 90) % 360

    def seen(self) -> tuple[float, float]:
        """Where the crystal stands in the microscope's picture: millimetres right of and above the cross."""
        turn = math.radians(self.view)
        return self.offset[0] * math.cos(turn) + self.offset[2] * math.sin(turn), self.offset[1]

    def move(self, right: float, up: float) -> None:
        """The crystal, in millimetres of the microscope's picture."""
        if self.is_busy:
            return
        turn = math.radians(self.view)
        x, y, z = self.offset
        moved = x + right * math.cos(turn), y + up, z + right * math.sin(turn)
        held = [max(-REACH, min(REACH, value)) for value in moved]
        self.offset = (held[0], held[1], held[2])

    def centre(self) -> None:
        """Let the instrument do it."""
        if not self.is_busy:
            self.offset = (0.0, 0.0, 0.0)
            self.say("Centred by the camera")

    @property
    def is_centred(self) -> bool:
        return math.hypot(*self.offset) <= CENTRED

    # The plan

    def choose(self, **settings: float) -> None:
        """Distance, width, exposure or degrees for what comes next."""
        if not self.is_busy:
            self.settings = replace(self.settings, **settings)

    @property
    def table(self) -> tuple[Plan, ...]:
        return plans(self.crystal, self.needle, self.settings.distance)

    @property
    def advice(self) -> Plan:
        return advised(self.table)

    # The work

    @property
    def is_busy(self) -> bool:
        """Whether something happens by itself as time passes."""
        return self.doing in (Doing.SCREENING, Doing.COLLECTING)

    def screen(self) -> None:
        """Take a few frames far apart."""
        if self.doing is Doing.NOTHING:
            self.screening = Screening(self.crystal, self.needle, self.settings, self.offset)
            self._begin(Doing.SCREENING, f"Screening: {self.settings.exposure:g} s a frame")

    def start(self) -> None:
        """Collect, or go on after a pause."""
        if self.doing is Doing.PAUSED:
            self._begin(Doing.COLLECTING, "Collection goes on")
        elif self.doing is Doing.NOTHING:
            self.result = None
            self.run = Run(self.crystal, self.needle, self.settings, self.offset)
            self.run_began_at = datetime.now(UTC)
            text = f"Collection started: {self.run.frames} frames, omega 0 to {self.settings.degrees:g}°"
            self._begin(Doing.COLLECTING, text)

    def pause(self) -> None:
        if self.doing is Doing.COLLECTING:
            self.doing = Doing.PAUSED
            self.say(f"Paused after frame {self.run.number if self.run else 0}")

    def stop(self) -> None:
        """End a collection early: what was measured is reduced all the same."""
        if self.doing in (Doing.COLLECTING, Doing.PAUSED):
            self._reduce("Stopped")

    def advance(self, seconds: float) -> None:
        """Let so much of the room's time pass."""
        if not self.is_busy:
            return
        self.due += seconds * (SCREENS_A_SECOND if self.doing is Doing.SCREENING else FRAMES_A_SECOND)
        for _ in range(min(BEHIND, int(self.due))):
            self.due -= 1
            self._step()
            if not self.is_busy:
                return
        self.due = min(self.due, 1.0)

    def _begin(self, doing: Doing, text: str) -> None:
        self.doing, self.due = doing, 0.0
        self.say(text)

    def _step(self) -> None:
        if self.doing is Doing.SCREENING and self.screening:
            self.screening.step()
            if self.screening.is_done:
                self.doing = Doing.NOTHING
                self.say(f"Screening done: {self.screening.found} spots")
        elif self.run:
            self.run.step()
            if self.run.is_done:
                self._reduce("Collection done")

    def _reduce(self, text: str) -> None:
        assert self.run is not None
        self.doing = Doing.NOTHING
        self.result = result_of(self.run)
        self.runs += 1
        self.say(f"{text}: {len(self.result.measured)} reflections from {self.result.frames} frames")
        if self.finished and self.result.measured:
            self.finished(self)

    def say(self, text: str) -> None:
        self.log.append(Entry(datetime.now(UTC), text))
        del self.log[:-LOG_KEPT]


__all__ = ["DISTANCES", "EXPOSURES", "WIDTHS", "Doing", "Instrument"]
