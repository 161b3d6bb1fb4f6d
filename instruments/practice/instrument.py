"""The instrument itself: what is on the needle, and what has been done with it. Knows no screen and no line."""

from datetime import UTC, datetime
from typing import NamedTuple

from instruments.practice.crystals.structures import CRYSTALS, Crystal

LOG_KEPT = 200


class Entry(NamedTuple):
    moment: datetime
    text: str


class Instrument:
    """A virtual diffractometer. `seed` decides how crystals are glued on and how noise falls."""

    def __init__(self, seed: str):
        self.seed = seed
        self.crystal: Crystal = CRYSTALS[0]
        self.log: list[Entry] = []
        self.say("Ready")

    @property
    def is_busy(self) -> bool:
        """Whether something happens by itself as time passes."""
        return False

    @property
    def state(self) -> str:
        """In a word or two."""
        return "idle"

    def advance(self, seconds: float) -> None:
        """Let so much of the room's time pass."""

    def say(self, text: str) -> None:
        self.log.append(Entry(datetime.now(UTC), text))
        del self.log[:-LOG_KEPT]

    def mount(self, crystal: Crystal) -> None:
        self.crystal = crystal
        self.say(f"{crystal.name} mounted, {crystal.size:.2f} mm")
