"""What somebody who adds and subtracts all that is shown learns of each hidden count: between which numbers it is."""

from collections.abc import Iterable, Mapping, Sequence

Key = tuple[str, str]  # of a count: the group (`2026/*/*`), the column (`all`, `woman`)
Bounds = dict[Key, tuple[int, int]]
FEW, LEAST = "few", 5  # fewer than LEAST
MANY = 10**9
OPEN = 2  # how far apart the ends of what a small count could be are, at least: three numbers
ROUNDS = 50


def narrowed(
    counts: Mapping[Key, int],
    shown: Mapping[Key, int | str],
    sums: Iterable[tuple[Key, Sequence[Key]]],
    untold: set[Key],
) -> list[Key]:
    """Small hidden counts that could be fewer than three numbers; `untold` are those that may be nought, too."""
    bounds = {key: _of(shown[key], counts[key], key in untold) for key in counts}
    lines = [(total, parts, counts[total] == sum(counts[key] for key in parts)) for total, parts in sums if parts]
    for _round in range(ROUNDS):
        before = dict(bounds)
        for total, parts, is_exact in lines:
            _read(bounds, total, parts, is_exact=is_exact)
        if bounds == before:
            break
    small = [key for key, count in counts.items() if 0 < count < LEAST]
    return [key for key in small if bounds[key][1] - bounds[key][0] < OPEN]


def _of(cell: int | str, count: int, may_be_nought: bool) -> tuple[int, int]:
    if isinstance(cell, int):
        return cell, cell
    if cell == FEW:
        return 1, LEAST - 1
    return int(bool(count) and not may_be_nought), MANY


def _read(bounds: Bounds, total: Key, parts: Sequence[Key], *, is_exact: bool) -> None:
    """Draw the bounds of a sum closer; of one that is not exact its parts overlap, and each is within the whole."""
    least, most = sum(bounds[key][0] for key in parts), sum(bounds[key][1] for key in parts)
    low, high = bounds[total]
    low = max(low, least if is_exact else max(bounds[key][0] for key in parts))
    bounds[total] = low, high = low, min(high, most)
    for key in parts:
        one_least, one_most = bounds[key]
        if is_exact:
            bounds[key] = max(one_least, low - (most - one_most)), min(one_most, high - (least - one_least))
        else:
            bounds[key] = one_least, min(one_most, high)
