"""Spread applications over reviewers, evenly. Pure: keys in, pairs out, the same for the same question."""

from collections import deque
from collections.abc import Collection, Mapping
from zlib import crc32

Pair = tuple[int, int]


def spread(lacking: Mapping[int, int], barred: Mapping[int, Collection[int]], loads: Mapping[int, int]) -> list[Pair]:
    """Return new (application, reviewer) pairs.

    `lacking`: how many reviewers each application still wants. `barred`: who must not get it, having it already or
    in conflict with it. `loads`: how many each reviewer has so far. Each application gets as many as want it and may;
    loads then lie as close together as the bars allow, and differ by at most one where there are none.
    """
    table = _Table(barred, loads)
    for application in sorted(lacking):
        table.fill(application, lacking[application])
    table.level()
    return sorted((application, person) for person, given in table.given.items() for application in given)


class _Table:
    """Who was given what; `given` maps a reviewer to their new applications."""

    def __init__(self, barred: Mapping[int, Collection[int]], loads: Mapping[int, int]) -> None:
        self.loads = dict(sorted(loads.items()))
        self.barred = {application: set(people) for application, people in barred.items()}
        self.given: dict[int, set[int]] = {person: set() for person in self.loads}

    def fill(self, application: int, number: int) -> None:
        """Give an application to the least busy who may have it."""
        free = [person for person in self.loads if self._may_have(person, application)]
        for person in sorted(free, key=lambda person: (self.loads[person], _mixed(application, person)))[:number]:
            self._give(application, person)

    def level(self) -> None:
        """Hand applications on, through others if need be, until nobody has two more than somebody they reach."""
        while way := self._way_down():
            for giver, application, taker in way:
                self.given[giver].remove(application)
                self.barred[application].discard(giver)
                self.loads[giver] -= 1
                self._give(application, taker)

    def _way_down(self) -> list[tuple[int, int, int]]:
        """A chain of (giver, application, taker) from somebody busy to somebody with at least two less, or nothing."""
        for busy in sorted(self.loads, key=lambda person: (-self.loads[person], person)):
            if way := self._way_from(busy):
                return way
        return []

    def _way_from(self, busy: int) -> list[tuple[int, int, int]]:
        came: dict[int, tuple[int, int, int] | None] = {busy: None}
        queue = deque([busy])
        while queue:
            giver = queue.popleft()
            for taker, application in self._takers(giver, came):
                came[taker] = (giver, application, taker)
                if self.loads[taker] <= self.loads[busy] - 2:
                    return _back(came, taker)
                queue.append(taker)
        return []

    def _takers(self, giver: int, known: Collection[int]) -> list[Pair]:
        """Those not yet reached whom `giver` can hand something, with what."""
        found = []
        for person in self.loads:
            if person not in known:
                handed = (one for one in sorted(self.given[giver]) if self._may_have(person, one))
                if (application := next(handed, None)) is not None:
                    found.append((person, application))
        return found

    def _may_have(self, person: int, application: int) -> bool:
        return person not in self.barred.setdefault(application, set())

    def _give(self, application: int, person: int) -> None:
        self.given[person].add(application)
        self.barred[application].add(person)
        self.loads[person] += 1


def _back(came: Mapping[int, tuple[int, int, int] | None], last: int) -> list[tuple[int, int, int]]:
    """The steps that led to `last`, in the order to take them: from the far end, so that each has what it hands on."""
    way = []
    step = came[last]
    while step is not None:
        way.append(step)
        step = came[step[0]]
    return way


def _mixed(application: int, person: int) -> tuple[int, int]:
    """An order among equals that differs from one application to the next, so that not always the same people meet."""
    return crc32(f"{application}:{person}".encode()), person
