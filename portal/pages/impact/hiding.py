"""Small groups of people are not told apart: no count from 1 to 4 is shown, nor can it be worked out from those shown.

Counts stand in sums: the women, the men and those who did not say make the people of a region; the regions make the
world. A sum with one count hidden tells it, so another count of the same sum is hidden with it, until every hidden
small count could be anything from 1 to 4. Techniques and years overlap (a person may have two) and are treated as if
they did not: that hides sooner, never later.

Sums that are safe one by one may tell a count together: three career stages, none of them nought, in a group of fewer
than 5, and a world of 5. So nothing is said of how a small group falls apart, noughts included, and at the end
everything shown is read as a curious person would: what that narrows too far costs one count more.
"""

from collections.abc import Iterable, Mapping, Sequence

from portal.pages.impact.narrowing import FEW, LEAST, Key, narrowed

__all__ = ["FEW", "HIDDEN", "LEAST", "Key", "Sum", "suppressed"]
HIDDEN = "hidden"  # not shown, so that another one cannot be worked out
Sum = tuple[Key, Sequence[Key]]  # the total, its parts


def suppressed(counts: Mapping[Key, int], sums: Iterable[Sum], families: Sequence[Sum] = ()) -> dict[Key, int | str]:
    """The counts as they may be shown: a number, FEW or HIDDEN. Noughts are shown: they count nobody.

    `sums` need not be exact. `families` are those of them in which a group falls apart: there noughts are hidden with
    all others where the group is small or they would tell of its people. Every round hides at least one count more, so
    it ends.
    """
    sums = [(total, parts) for total, parts in sums if counts.get(total)]
    shown: dict[Key, int | str] = {key: FEW if 0 < count < LEAST else count for key, count in counts.items()}
    lines = [(total, [key for key in parts if counts.get(key)]) for total, parts in sums]
    untold: set[Key] = set()
    apart = {key for _total, parts in families for key in parts}
    for total, parts in families:
        if 0 < counts[total] < LEAST:
            _leave_untold(shown, untold, parts)
    has_hidden = True
    while has_hidden:
        guarded = [line for line in lines if not untold.issuperset(line[1])]
        has_hidden = sum(_guard(counts, shown, total, parts) for total, parts in guarded) > 0
        if not has_hidden:
            whole = [(total, [key for key in parts if counts.get(key) or key in untold]) for total, parts in sums]
            # How groups fall apart goes before their totals do.
            found = sorted(narrowed(counts, shown, whole, untold), key=lambda key: key not in apart or key in untold)
            has_hidden = any(_widen(key, counts, shown, lines, families, untold) for key in found)
    return shown


def _leave_untold(shown: dict[Key, int | str], untold: set[Key], parts: Iterable[Key]) -> None:
    for key in parts:
        shown[key] = HIDDEN
        untold.add(key)


def _widen(
    key: Key,
    counts: Mapping[Key, int],
    shown: dict[Key, int | str],
    lines: list[tuple[Key, list[Key]]],
    families: Sequence[Sum],
    untold: set[Key],
) -> bool:
    """Hide something more that tells of `key`; whether there was anything."""
    for _total, parts in families:
        if key in parts and key not in untold:
            _leave_untold(shown, untold, parts)
            return True
    if shown[key] == FEW:
        shown[key] = HIDDEN
        return True
    own = [line for line in lines if key == line[0] or key in line[1]]
    beside = [part for _total, parts in own for part in parts if isinstance(shown[part], int)]
    totals = [total for total, _parts in own if shown[total] != HIDDEN]
    others = [*sorted(beside, key=counts.__getitem__), *totals]
    if others:
        shown[others[0]] = HIDDEN
    return bool(others)


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
