"""Space groups from a few of their operators, written as in International Tables, volume A: `-y, x-y, z+2/3`."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from instruments.practice.crystals.cell import Indices

PARTS = 24  # every translation of every space group is a whole number of these parts of an axis
TERM = re.compile(r"([+-]?)(?:([xyz])|(\d+)(?:/(\d+))?)")


class Operator(NamedTuple):
    rotation: tuple[Indices, Indices, Indices]
    shift: Indices  # in parts of 24

    @classmethod
    def read(cls, text: str) -> "Operator":
        """From `-x+1/2, y, -z`. Raises ValueError."""
        rows, shifts = [], []
        for part in text.replace(" ", "").split(","):
            row, shift = {"x": 0, "y": 0, "z": 0}, Fraction(0)
            if "".join(match.group() for match in TERM.finditer(part)) != part:
                raise ValueError(f"no symmetry operator: {text}")
            for sign, axis, over, under in TERM.findall(part):
                one = -1 if sign == "-" else 1
                if axis:
                    row[axis] += one
                else:
                    shift += Fraction(one * int(over), int(under or 1))
            rows.append((row["x"], row["y"], row["z"]))
            shifts.append(int(shift * PARTS) % PARTS)
        first, second, third = rows
        return cls((first, second, third), (shifts[0], shifts[1], shifts[2]))

    def after(self, other: "Operator") -> "Operator":
        """The operator that does `other` first."""
        columns = list(zip(*other.rotation, strict=True))
        rotation = [
            tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns) for row in self.rotation
        ]
        shift = [
            (sum(a * b for a, b in zip(row, other.shift, strict=True)) + own) % PARTS
            for row, own in zip(self.rotation, self.shift, strict=True)
        ]
        return Operator(tuple(rotation), tuple(shift))  # type: ignore[arg-type]

    def move(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        """A point in the cell, brought back into it."""
        moved = [
            (row[0] * x + row[1] * y + row[2] * z + shift / PARTS) % 1.0
            for row, shift in zip(self.rotation, self.shift, strict=True)
        ]
        return moved[0], moved[1], moved[2]

    def turn(self, h: int, k: int, l: int) -> Indices:  # noqa: E741
        """The indices that stand for the same planes: hkl times the rotation."""
        a, b, c = self.rotation
        return tuple(h * a[n] + k * b[n] + l * c[n] for n in range(3))  # type: ignore[return-value]


@lru_cache
def group(generators: tuple[str, ...]) -> tuple[Operator, ...]:
    """All operators that the generators make together."""
    seeds = [Operator.read(text) for text in generators]
    found = {Operator.read("x,y,z")}
    fresh = list(found)
    while fresh:
        fresh = list({made for old in fresh for seed in seeds if (made := seed.after(old)) not in found})
        found.update(fresh)
    return tuple(sorted(found))


@lru_cache
def turns(generators: tuple[str, ...]) -> tuple[Operator, ...]:
    """One operator for each rotation: what matters to the directions of planes."""
    return tuple({operator.rotation: operator for operator in group(generators)}.values())


def family(generators: tuple[str, ...], hkl: Indices) -> set[Indices]:
    """All planes with the same intensity: those the point group makes, and their Friedel mates."""
    same = {operator.turn(*hkl) for operator in turns(generators)}
    return same | {(-h, -k, -l) for h, k, l in same}  # noqa: E741
