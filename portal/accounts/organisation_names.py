"""Several names of one organisation, one a line. Pure: nothing is asked of the database."""

from collections.abc import Iterable

from portal.core.search import fold


def without_repeats(names: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """The names in their order, each once and none of those known; capitals and accents make no difference."""
    seen = {fold(name) for name in known} | {""}
    once = []
    for name in names:
        if fold(name) not in seen:
            seen.add(fold(name))
            once.append(name)
    return once
