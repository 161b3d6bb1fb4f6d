"""A few frames far apart: does it diffract, how far, and is it the cell one expects?"""

import zlib
from array import array
from dataclasses import replace

from instruments.practice.beam.frames import Pixels
from instruments.practice.beam.refine import Refined, refine
from instruments.practice.beam.run import Run, Settings
from instruments.practice.crystals.cell import Vector
from instruments.practice.crystals.structures import Crystal

ANGLES = (0, 30, 60, 90)
WIDTH = 5.0  # degrees
SURE = 5.0  # a spot is found where it stands so many sigma above the background


class Screening:
    def __init__(self, crystal: Crystal, seed: str, settings: Settings, offset: Vector):
        wide = replace(settings, width=WIDTH, degrees=ANGLES[-1] + WIDTH)
        self.run = Run(crystal, f"{seed} screening", wide, offset, crystal_seed=seed)
        self.kept: list[bytes] = []  # the frames, packed: a room keeps them as long as its crystal

    @property
    def is_done(self) -> bool:
        return len(self.kept) == len(ANGLES)

    def step(self) -> None:
        self.run.number = int(ANGLES[len(self.kept)] / WIDTH)
        self.run.step()
        self.kept.append(zlib.compress(self.run.frame.tobytes(), 1))

    def frame(self, number: int) -> Pixels:
        return array("H", zlib.decompress(self.kept[number]))

    @property
    def spots(self) -> list[float]:
        """Spacings of the reflections that were found, in angstroms, widest first."""
        tallies = [tally for tally in self.run.tallies if tally.counts and tally.net > SURE * tally.sigma]
        return sorted((tally.prediction.reflection.spacing for tally in tallies), reverse=True)

    @property
    def found(self) -> int:
        return len(self.spots)

    @property
    def reaches(self) -> float | None:
        """The spacing beyond which only one spot in twenty lies: how far it diffracts."""
        spots = self.spots
        return spots[int(len(spots) * 0.95) - 1] if len(spots) >= 20 else None

    @property
    def refined(self) -> Refined | None:
        return refine(self.run.tallies, self.run.settings.distance)

    @property
    def brightest(self) -> int:
        """The most counts in one pixel of the newest frame."""
        return max(self.run.frame, default=0)
