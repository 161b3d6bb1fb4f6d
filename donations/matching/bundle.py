"""Gathering pieces that a best assignment scattered over pairs worth the same: fewer pairs are fewer parcels."""

from collections import defaultdict
from itertools import pairwise

Pieces = dict[tuple[int, int], int]  # (need, offer) -> how many
Node = tuple[int, int]  # (0, need) or (1, offer)


def bundled(pieces: Pieces) -> Pieces:
    """The same pieces of every need and offer over pairs that form no ring.

    In a best assignment a piece more on every second pair of a ring and one fewer on the others is worth the same
    (either way round would be better otherwise), so a ring is turned until one of its pairs is empty. `pieces` must be
    a best assignment.
    """
    kept: Pieces = {}
    near: dict[Node, set[Node]] = defaultdict(set)
    for pair, count in sorted(pieces.items()):
        start, end = (0, pair[0]), (1, pair[1])
        kept[pair] = count
        path = _path(near, end, start)
        near[start].add(end)
        near[end].add(start)
        if path:
            _turn(kept, near, [start, *path])
    return kept


def _path(near: dict[Node, set[Node]], start: Node, end: Node) -> list[Node]:
    """From `start` to `end` over pairs; empty where there is none. Pairs so far form no ring: there is one at most."""
    came: dict[Node, Node | None] = {start: None}
    ahead = [start]
    while ahead and end not in came:
        node = ahead.pop()
        for other in near[node] - came.keys():
            came[other] = node
            ahead.append(other)
    path, node_or_none = [], end if end in came else None
    while node_or_none is not None:
        path.append(node_or_none)
        node_or_none = came[node_or_none]
    return path[::-1]


def _turn(kept: Pieces, near: dict[Node, set[Node]], ring: list[Node]) -> None:
    """Move pieces around a ring, given from a need back to it, until one of its pairs is empty."""
    steps = [tuple(sorted(two)) for two in pairwise(ring)]
    pairs = [(need[1], offer[1]) for need, offer in steps]
    least = min(kept[pair] for pair in pairs[::2])
    for place, pair in enumerate(pairs):
        kept[pair] += least if place % 2 else -least
        if not kept[pair]:
            del kept[pair]
            near[0, pair[0]].discard((1, pair[1]))
            near[1, pair[1]].discard((0, pair[0]))
