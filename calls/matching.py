"""Which interests a piece of news speaks to, asked of the database as one question.

The rule. An interest in one call hears that call and no other. Any other hears what concerns its standing, unless the
news is for people who work in certain countries and its own is not among them, and when what it chose agrees:

- about: one of its techniques and one of the news' lie on one branch of the tree, either way ("microscopy" hears of
  SEM, "SEM" hears of microscopy), or one of its equipment categories is the news';
- countries: one of its countries is one that the news is of or for;
- kinds: the news' kind is among its kinds.

What an interest chose nothing of agrees. News that names no techniques, categories or countries where it could is of or
for any; where it could not (nobody gives balances in a call for beam time) it agrees with no choice of them.
With "all" everything must agree; with "any" one thing that was chosen is enough.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Lower
from django_countries import countries

from calls.enums import CallKind, CallState, Combine, InterestState, Standing
from instruments.models import Technique
from portal.notifications.models import Suppression

EVERYBODY = frozenset(Standing.values)


@dataclass(frozen=True)
class Subject:
    """What there is news of. `techniques` are paths, `categories` primary keys, countries ISO 3166 codes.

    `techniques` and `categories`: empty means any, None that there is no question of them. `countries`, of or for which
    it is, and `open_to`, where one must work: empty means any.
    """

    kind: str
    standings: Collection[str] = EVERYBODY
    techniques: Collection[str] | None = ()
    categories: Collection[int] | None = None
    countries: Collection[str] = ()
    open_to: Collection[str] = ()
    call: int | None = None


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

    def hearing(self, news: Subject) -> Self:
        """The active interests that `news` speaks to; an address can be among them more than once."""
        wide = Q(call=None) & _concerns(news.standings) & _works_in(news.open_to) & self._agrees(news)
        return self.active().filter(wide if news.call is None else Q(call=news.call) | wide)

    def matching(self, call: Any) -> Self:
        """The active interests that `call` speaks to."""
        return self.hearing(about_call(call))

    def addresses(self) -> int:
        """How many different addresses these interests have."""
        return int(self.aggregate(addresses=Count(Lower("address"), distinct=True))["addresses"])

    def dead(self, moment: datetime) -> Self:
        """Active ones that nothing can speak to any more as of `moment`, annotated with `dead_why`."""
        reasons = [When(condition, then=Value(why)) for why, condition in self._reasons_of_death(moment)]
        why = Case(*reasons, default=Value(""), output_field=CharField())
        return self.active().annotate(dead_why=why).exclude(dead_why="")

    def dead_by_reason(self, moment: datetime) -> dict[str, int]:
        """How many are dead, by `dead_why`."""
        return dict(self.dead(moment).order_by().values_list("dead_why").annotate(number=Count("pk")))

    def _agrees(self, news: Subject) -> Q:
        """Each of the two subqueries stands in the statement once, since PostgreSQL asks it anew wherever it stands."""
        near, about_nothing = self._near(news), ~self._chose("techniques") & ~self._chose("categories")
        is_any = Q(combine=Combine.ANY)
        where = Q(countries__overlap=sorted(news.countries)) if news.countries else ~Q(countries=[])
        sort = Q(kinds__contains=[news.kind])
        rest = (Q(countries=[]) | where) & (Q(kinds=[]) | sort)
        return (near & (is_any | rest)) | (about_nothing & rest) | (is_any & (where | sort))

    def _near(self, news: Subject) -> Q:
        """Those that chose a technique or a category which `news` is about."""
        near = Q(pk__in=[])
        if news.techniques is not None:
            near |= self._chose("techniques", news.techniques and on_branch(news.techniques, "technique__"))
        if news.categories is not None:
            near |= self._chose("categories", news.categories and Q(equipmentcategory__in=sorted(news.categories)))
        return near

    def _chose(self, field: str, which: Any = None) -> Q:
        chosen = getattr(self.model, field).through.objects.filter(interest=OuterRef("pk"))
        return Q(Exists(chosen.filter(which) if which else chosen))

    def _reasons_of_death(self, moment: datetime) -> list[tuple[str, Q]]:
        """(why, which): the first that holds is told."""
        codes = list(countries.countries)
        over = Q(call__state__in=[CallState.WITHDRAWN, CallState.DECIDED, CallState.ARCHIVED])
        over |= Q(call__state=CallState.PUBLISHED, call__closes_at__lte=moment)
        needs_all, wide = Q(combine=Combine.ALL), Q(call=None)
        alone = Q(kinds=[]) & ~self._chose("techniques") & ~self._chose("categories")
        unknown_kinds = ~Q(kinds=[]) & ~Q(kinds__overlap=CallKind.values)
        unknown_countries = ~Q(countries=[]) & ~Q(countries__overlap=codes)
        only_equipment = self._chose("categories") & ~self._chose("techniques")
        nowhere = needs_all & only_equipment & ~Q(kinds=[]) & ~Q(kinds__contains=[CallKind.EQUIPMENT])
        suppressed = Suppression.objects.alias(lower=Lower("address")).filter(lower=Lower(OuterRef("address")))
        return [
            ("suppressed", Q(Exists(suppressed))),
            ("call_over", over),
            ("unknown_kinds", wide & needs_all & unknown_kinds),
            ("unknown_countries", wide & unknown_countries & (needs_all | alone)),
            ("impossible", wide & nowhere),
        ]


def about_call(call: Any) -> Subject:
    """News of a call: for everybody; a call for equipment is also about any category."""
    open_to = [country.code for country in call.countries]
    return Subject(
        kind=call.kind,
        techniques=techniques_of(call),
        categories=() if call.kind == CallKind.EQUIPMENT else None,
        countries=open_to,
        open_to=open_to,
        call=call.pk,
    )


def about_instrument(instrument: Any) -> Subject:
    """News of a listed instrument, for those who need access: of its techniques and its laboratory's country."""
    return Subject(
        kind=CallKind.REMOTE_ACCESS,
        standings={Standing.BENEFICIARY},
        techniques=sorted(instrument.techniques.values_list("path", flat=True)),
        countries=[instrument.organisation.country.code],
    )


def can_hear(kinds: Collection[str], *, has_techniques: bool, has_categories: bool, combine: str) -> bool:
    """Whether such a choice can ever agree: equipment alone, and only kinds of call that have none, cannot."""
    if combine == Combine.ANY or not has_categories or has_techniques:
        return True
    return not kinds or CallKind.EQUIPMENT in kinds


def techniques_of(call: Any) -> list[str]:
    """Return the paths of the techniques of `call` and of its instruments."""
    named = Technique.objects.filter(Q(calls=call) | Q(instruments__calls=call))
    return sorted(set(named.values_list("path", flat=True)))


def on_branch(paths: Collection[str], prefix: str = "") -> Q:
    """Techniques (or rows that reach one by `prefix`) that are one of `paths`, above one, or below one."""
    near = Q(**{f"{prefix}path__in": {above for path in paths for above in _and_above(path)}})
    for path in paths:
        near |= Q(**{f"{prefix}path__startswith": f"{path}/"})
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


def _concerns(standings: Collection[str]) -> Q:
    return Q() if set(standings) == EVERYBODY else Q(standing__in=sorted(standings))


def _works_in(countries: Collection[str]) -> Q:
    return Q(country="") | Q(country__in=countries) if countries else Q()
