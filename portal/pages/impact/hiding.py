"""Small groups of people are not told apart: no count from 1 to 4 is shown, nor can it be worked out from those shown.

Counts stand in sums: the women, the men and those who did not say make the people of a region; the regions make the
world. A sum with one count hidden tells it, so another count of the same sum is hidden with it, until every hidden
small count could be anything from 1 to 4. Techniques and years overlap (a person may have two) and are treated as if
they did not: that hides sooner, never later.
"""

from collections.abc import Iterable, Mapping, Sequence

FEW, HIDDEN = "few", "hidden"  # fewer than LEAST; not shown, so that another one cannot be worked out
LEAST = 5
Key = tuple[str, str]  # of a count: the group (`2026/*/*`), the column (`all`, `woman`)
Sum = tuple[Key, Sequence[Key]]  # the total, its parts


def suppressed(counts: Mapping[Key, int], sums: Iterable[Sum]) -> dict[Key, int | str]:
    """The counts as they may be shown: a number, FEW or HIDDEN. Noughts are shown: they count nobody.

    `sums` need not be exact. Every round hides at least one count more, so it ends.
    """
    shown: dict[Key, int | str] = {key: FEW if 0 < count < LEAST else count for key, count in counts.items()}
    lines = [(total, [key for key in parts if counts.get(key)]) for total, parts in sums if counts.get(total)]
    has_hidden = True
    while has_hidden:
        has_hidden = sum(_guard(counts, shown, total, parts) for total, parts in lines) > 0
    return shown


def _guard(counts: Mapping[Key, int], shown: dict[Key, int | str], total: Key, parts: list[Key]) -> bool:
    """Hide one more count of a sum where the sum still tells a hidden one; whether it did."""
    hidden = [key for key in parts if isinstance(shown[key], str)]
    open_parts = sorted((key for key in parts if not isinstance(shown[key], str)), key=lambda key: counts[key])
    if isinstance(shown[total], str):
        if hidden or not parts:
            return False
        shown[open_parts[0]] = HIDDEN  # the parts would add up to the hidden total
        return True
    if not hidden or _is_safe(counts, shown, hidden):
        return False
    if open_parts:
        shown[open_parts[0]] = HIDDEN
        return True
    if len(hidden) == 1:
        shown[total] = HIDDEN
        return True
    return _blur(shown, hidden)


def _is_safe(counts: Mapping[Key, int], shown: Mapping[Key, int | str], hidden: list[Key]) -> bool:
    """Whether the hidden parts' sum leaves every FEW among them anywhere from 1 to 4, and every HIDDEN one open."""
    few = sum(shown[key] == FEW for key in hidden)
    rest = len(hidden) - few
    whole = sum(counts[key] for key in hidden)
    if not few:
        return rest > 1
    most = LEAST - 1
    could_be_most = whole >= most + (few - 1) + LEAST * rest
    could_be_one = rest > 0 or whole <= 1 + most * (few - 1)
    return could_be_most and could_be_one


def _blur(shown: dict[Key, int | str], hidden: list[Key]) -> bool:
    """Where all parts are hidden and it still does not do, not even which of them are small is said."""
    small = [key for key in hidden if shown[key] == FEW]
    for key in small:
        shown[key] = HIDDEN
    return bool(small)
