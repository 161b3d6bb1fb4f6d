"""Which families of planes reflect nothing, and what that says of the symmetry.

Rules: International Tables for Crystallography, volume A, chapter 2.2 (reflection conditions); those that the crystals
here can show.
"""
# ruff: noqa: E741 - h, k, l are what everybody calls them

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from instruments.practice.crystals.cell import Indices

FEWEST = 3  # forbidden reflections without which nothing is concluded


class Absence(NamedTuple):
    """A rule that the reflections seem to keep: `forbidden` and `allowed` are means of I / sigma."""

    rule: str
    forbidden: float
    allowed: float
    many: int

    @property
    def holds(self) -> bool:
        return self.many >= FEWEST and self.forbidden < 1.0 and self.allowed > 3.0


Question = Callable[[int, int, int], bool]
RULES: tuple[tuple[str, Question, Question], ...] = (  # name, which reflections it concerns, which of them may be
    ("hkl: h, k, l all even or all odd (F)", lambda h, k, l: True, lambda h, k, l: (h + k) % 2 == (k + l) % 2 == 0),
    ("hkl: -h+k+l = 3n (R)", lambda h, k, l: True, lambda h, k, l: (-h + k + l) % 3 == 0),
    ("0kl: k+l = 4n (d)", lambda h, k, l: h == 0 and k % 2 == l % 2 == 0, lambda h, k, l: (k + l) % 4 == 0),
    ("h-hl: l even (c)", lambda h, k, l: h == -k and (-h + k + l) % 3 == 0, lambda h, k, l: l % 2 == 0),
    ("00l: l = 3n (screw axis 3)", lambda h, k, l: h == k == 0, lambda h, k, l: l % 3 == 0),
    ("h00: h even (screw axis 2)", lambda h, k, l: k == l == 0, lambda h, k, l: h % 2 == 0),
)


def absences(signals: Sequence[tuple[Indices, float]]) -> Iterator[Absence]:
    """The rules that hold, from hkl and I / sigma; what one explains is no evidence for the next."""
    left = list(signals)
    for name, concerns, permits in RULES:
        inside = [(permits(*hkl), signal) for hkl, signal in left if concerns(*hkl)]
        forbidden = [signal for is_permitted, signal in inside if not is_permitted]
        allowed = [signal for is_permitted, signal in inside if is_permitted]
        absence = Absence(name, _mean(forbidden), _mean(allowed), len(forbidden))
        if absence.holds:
            yield absence
            left = [(hkl, signal) for hkl, signal in left if permits(*hkl) or not concerns(*hkl)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))
