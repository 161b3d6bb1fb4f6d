"""The matcher over everything that is open: category by category, since nothing fits across."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from donations.matching.block import Block
from donations.matching.facts import Facts, NeedFacts, OfferFacts, read
from donations.matching.judged import Judged
from donations.matching.solver import assign
from donations.matching.stability import worth_of
from donations.matching.verdict import Verdict
from donations.models import Need, Offer

NEAR_EACH = 3  # near misses of a need that gets nothing
NEAR_LACKS = 2  # conditions that a near miss breaks at most
HOPELESS = {"own", "turned_down"}  # nothing that one could change about the two would make them fit


@dataclass(frozen=True)
class Found:
    """Numbers of needs and offers looked at; `pairs` and `near` as a MatchingRun keeps them."""

    needs: int
    offers: int
    pairs: list[dict[str, Any]]
    near: list[dict[str, Any]]


def find(day: date) -> Found:
    """Put all open needs and vetted offers together as well as can be, as of `day`."""
    return find_among(read(day, Need.objects.open(), Offer.objects.open()))


def find_among(facts: Facts) -> Found:
    """The same among these; pure."""
    pairs, near = [], []
    for block in _blocks(facts):
        judged = Judged(block)
        given = _given(judged)
        pairs += [(judged.verdict(row, column), pieces) for row, column, pieces in given]
        near += _near(judged, {row for row, _column, _pieces in given})
    pairs.sort(key=lambda pair: -pair[0].score)
    near.sort(key=lambda verdict: (len(verdict.lacks), -verdict.score))
    return Found(
        needs=len(facts.needs),
        offers=len(facts.offers),
        pairs=[_line(verdict) | {"quantity": pieces} for verdict, pieces in pairs],
        near=[_line(verdict) | {"lacks": verdict.lacks} for verdict in near],
    )


def _blocks(facts: Facts) -> Iterator[Block]:
    """One block a category in which there are both, by reference inside; what has nothing left stays out."""
    needs: dict[int, list[NeedFacts]] = defaultdict(list)
    offers: dict[int, list[OfferFacts]] = defaultdict(list)
    for need in sorted(facts.needs, key=lambda need: need.ref):
        if need.left and need.category is not None:
            needs[need.category].append(need)
    for offer in sorted(facts.offers, key=lambda offer: offer.ref):
        if offer.left and offer.category is not None:
            offers[offer.category].append(offer)
    for category in sorted(needs.keys() & offers.keys()):
        yield Block(replace(facts, needs=needs[category], offers=offers[category]))


def _given(judged: Judged) -> list[tuple[int, int, int]]:
    """The best assignment of a block's pieces; a pair that a match holds already is no candidate."""
    block = judged.block
    allowed = (judged.lacking == 0) & ~block.if_pair(block.facts.joined)
    worth = worth_of(block, judged.score, allowed)
    wanted, offered = [need.left for need in block.needs], [offer.left for offer in block.offers]
    return assign(worth, np.array(wanted), np.array(offered))


def _near(judged: Judged, served: set[int]) -> list[Verdict]:
    """The nearest misses of every need that gets nothing: the fewest lacks, then the best score."""
    block = judged.block
    out = block.if_pair(block.facts.joined)
    for rule, cells in judged.broken:
        if rule.code in HOPELESS:
            out = out | cells
    out = out | (judged.lacking > NEAR_LACKS) | (judged.lacking == 0)
    far = np.where(out, np.iinfo(np.int32).max, judged.lacking.astype(np.int32) * 2000 - judged.score)
    found = []
    for row in range(len(block.needs)):
        if row not in served:
            nearest = np.argsort(far[row], kind="stable")[:NEAR_EACH]
            found += [judged.verdict(row, int(column)) for column in nearest if not out[row, column]]
    return found


def _line(verdict: Verdict) -> dict[str, Any]:
    return {
        "need": verdict.need,
        "offer": verdict.offer,
        "score": verdict.score,
        "parts": verdict.parts,
        "reasons": verdict.reasons,
    }
