"""Which interests a call speaks to, asked of the database as one question.

The rule. An interest in one call hears that call and no other. Any other interest hears a call when all its criteria
agree, an empty one agreeing with everything:

- techniques: one of the interest's and one of the call's (or of its instruments) lie on one branch of the tree, either
  way: "microscopy" hears of SEM, and "SEM" hears of microscopy; a call that names no technique speaks to all;
- kinds: the call's kind is among them;
- country of work: the call is open to it; a call that names no countries is open to all.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Lower

from calls.enums import InterestState
from instruments.models import Technique


class InterestQuerySet(models.QuerySet[Any]):
    """Named questions about interests."""

    def active(self) -> Self:
        return self.filter(state=InterestState.ACTIVE)

    def of_address(self, address: str) -> Self:
        """All interests declared for `address`, however its letters are written."""
        return self.alias(lower_address=Lower("address")).filter(lower_address=address.lower())

    def at_other_addresses_than(self, others: Self) -> Self:
        lowered = others.annotate(lower_address=Lower("address")).values("lower_address")
        return self.alias(lower_address=Lower("address")).exclude(lower_address__in=lowered)

    def unconfirmed_since_before(self, moment: datetime) -> Self:
        return self.filter(state=InterestState.UNCONFIRMED, created_at__lt=moment)

    def matching(self, call: Any) -> Self:
        """The active interests that `call` speaks to; an address can be among them more than once."""
        own = Q(call=call)
        wide = Q(call=None) & _hears_of_kind(call.kind) & _works_in([country.code for country in call.countries])
        return self.active().filter(own | (wide & self._on_branch(techniques_of(call))))

    def addresses(self) -> int:
        """How many different addresses these interests have."""
        return int(self.aggregate(addresses=Count(Lower("address"), distinct=True))["addresses"])

    def _on_branch(self, paths: Collection[str]) -> Q:
        if not paths:
            return Q()
        chosen = self.model.techniques.through.objects.filter(interest=OuterRef("pk"))
        near = chosen.filter(technique__in=Technique.objects.filter(on_branch(paths)))
        return ~Q(Exists(chosen)) | Q(Exists(near))


def techniques_of(call: Any) -> list[str]:
    """Return the paths of the techniques of `call` and of its instruments."""
    named = Technique.objects.filter(Q(calls=call) | Q(instruments__calls=call))
    return sorted(set(named.values_list("path", flat=True)))


def on_branch(paths: Collection[str]) -> Q:
    """Techniques that are one of `paths`, above one, or below one."""
    near = Q(path__in={above for path in paths for above in _and_above(path)})
    for path in paths:
        near |= Q(path__startswith=f"{path}/")
    return near


def topmost(techniques: Iterable[Technique]) -> list[Technique]:
    """Leave out each technique that a branch among them already stands for."""
    chosen = list(techniques)
    paths = {technique.path for technique in chosen}
    return [technique for technique in chosen if not paths & set(_and_above(technique.path)[:-1])]


def _and_above(path: str) -> list[str]:
    """`a/b/c` -> `a`, `a/b`, `a/b/c`."""
    slugs = path.split("/")
    return ["/".join(slugs[: depth + 1]) for depth in range(len(slugs))]


def _hears_of_kind(kind: str) -> Q:
    return Q(kinds=[]) | Q(kinds__contains=[kind])


def _works_in(countries: Collection[str]) -> Q:
    return Q(country="") | Q(country__in=countries) if countries else Q()
