"""What points come to. Pure."""

from collections.abc import Iterable
from fractions import Fraction

LOWEST, HIGHEST = 1, 5


def weighted(scores: Iterable[tuple[int, int]]) -> Fraction | None:
    """The weighted mean of (weight, points), exact: sum(weight * points) / sum(weight).

    The weights need not come to 100: only their proportions count. None where nothing weighs anything.
    """
    pairs = list(scores)
    whole = sum(weight for weight, _points in pairs)
    return Fraction(sum(weight * points for weight, points in pairs), whole) if whole else None


def mean(means: Iterable[Fraction | None]) -> Fraction | None:
    """The plain mean of several reviews' weighted means; those without points do not count."""
    counted = [value for value in means if value is not None]
    return sum(counted, Fraction()) / len(counted) if counted else None
