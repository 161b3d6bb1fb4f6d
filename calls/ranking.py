"""The order of a ranked list. Pure."""

from collections.abc import Mapping, Sequence


def reordered(order: Sequence[str], places: Mapping[str, int]) -> list[str]:
    """Return `order` with the names in `places` moved to those places, counted from 1.

    The others keep their order and close up. A place past the end is the end, one below 1 the first. Of several names
    that want one place, the first in `order` gets it and the others follow.
    """
    result = [name for name in order if name not in places]
    free = 0  # where the next of the moved may stand at the earliest
    for name in sorted((name for name in order if name in places), key=lambda name: places[name]):
        index = max(places[name] - 1, free)
        result.insert(index, name)
        free = min(index, len(result) - 1) + 1
    return result
