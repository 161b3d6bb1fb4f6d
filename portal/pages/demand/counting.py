"""Who asks for what, where, and what there is for them: sums that the database makes, a statement each.

Demand stands where it was named: somebody who chose "microscopy" counts there and not at each kind below it. What
there is counts from below: any electron microscope serves who asked for microscopy.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Sum
from django.db.models.functions import Lower

from calls.enums import ApplicationState, AwardKind, CallKind, Standing
from calls.models import Application, Award, Call, Interest
from calls.querysets.award import GIVEN
from instruments.enums import InstrumentState
from instruments.models import Instrument, Technique

_PEOPLE = Count(Lower("address"), distinct=True)
Place = tuple[int, str]  # primary key of a technique, ISO 3166 code of a country ("": not said)
Sums = tuple[int | None, str, dict[str, int]]  # a place, and numbers by field of `Cell`


@dataclass
class Cell:
    """A technique in a country. `asked` and `granted` are minutes."""

    people: int = 0
    applications: int = 0
    asked: int = 0
    granted: int = 0

    @property
    def is_demand(self) -> bool:
        return bool(self.people or self.applications)


@dataclass(frozen=True)
class Offered:
    """What an open call offers; no countries: it is open to all."""

    minutes: int
    techniques: frozenset[int]
    countries: frozenset[str]

    def is_open_to(self, countries: Iterable[str]) -> bool:
        return not self.countries or not self.countries.isdisjoint(countries)


@dataclass(frozen=True)
class Bench:
    """An instrument that is listed, or that a laboratory has proposed."""

    techniques: frozenset[int]
    country: str
    is_listed: bool


@dataclass
class Demand:
    """`cells` are of the countries asked about; contributors and instruments of all the world."""

    techniques: dict[int, Technique]
    cells: dict[Place, Cell] = field(default_factory=lambda: defaultdict(Cell))
    contributors: Counter[int] = field(default_factory=Counter)
    offered: list[Offered] = field(default_factory=list)
    benches: list[Bench] = field(default_factory=list)

    def below(self, technique: int) -> frozenset[int]:
        """The technique and all below it in the tree."""
        path = self.techniques[technique].path
        return frozenset(
            pk for pk, row in self.techniques.items() if row.path == path or row.path.startswith(f"{path}/")
        )

    def benches_of(self, technique: int) -> list[Bench]:
        below = self.below(technique)
        return [bench for bench in self.benches if not below.isdisjoint(bench.techniques)]

    def minutes_offered(self, technique: int, countries: Iterable[str]) -> int:
        """What open calls of the technique, or of any below it, offer to at least one of `countries`."""
        below, named = self.below(technique), set(countries)
        return sum(
            row.minutes for row in self.offered if not below.isdisjoint(row.techniques) and row.is_open_to(named)
        )


def count(since: datetime, until: datetime, moment: datetime, countries: frozenset[str] | None = None) -> Demand:
    """Interests and offers as they are at `moment`; applications and awards from `since` to before `until`.

    With `countries`, people who work in them alone.
    """
    demand = Demand({row.pk: row for row in Technique.objects.order_by("path")})
    for technique, country, sums in _asked(since, until):
        if technique is not None and (countries is None or country in countries):
            cell = demand.cells[technique, country]
            for name, number in sums.items():
                setattr(cell, name, getattr(cell, name) + (number or 0))
    offering = _wishes(Standing.CONTRIBUTOR).values("techniques").annotate(people=_PEOPLE)
    demand.contributors = Counter(dict(offering.values_list("techniques", "people")))
    demand.offered, demand.benches = list(_offered(moment)), list(_benches())
    return demand


def _wishes(standing: Standing) -> QuerySet[Any]:
    """Standing wishes, not those to hear of one call alone."""
    return Interest.objects.active().filter(call=None, standing=standing).exclude(techniques=None).order_by()


def _asked(since: datetime, until: datetime) -> Iterator[Sums]:
    yield from _summed(_wishes(Standing.BENEFICIARY), "techniques", "country", people=_PEOPLE)
    entered = Application.objects.entered().exclude(state=ApplicationState.WITHDRAWN)
    entered = entered.filter(submitted_at__gte=since, submitted_at__lt=until)
    for named, rows in (
        ("instrument__techniques", entered.exclude(instrument=None)),
        ("call__techniques", entered.filter(instrument=None)),
    ):
        yield from _summed(rows, named, "country", applications=Count("pk"), asked=Sum("minutes_requested"))
    given = Award.objects.filter(kind=AwardKind.HOURS, state__in=GIVEN, created_at__gte=since, created_at__lt=until)
    yield from _summed(given, "instrument__techniques", "organisation__country", granted=Sum("granted_minutes"))


def _summed(rows: QuerySet[Any], technique: str, country: str, **sums: Any) -> Iterator[Sums]:
    for row in rows.order_by().values(technique, country).annotate(**sums):
        yield row[technique], row[country], {name: row[name] for name in sums}


def _offered(moment: datetime) -> Iterator[Offered]:
    """A call that names no technique is about those of its instruments."""
    named = Technique.objects.order_by("path").values("pk")
    calls = Call.objects.open_at(moment).filter(kind=CallKind.REMOTE_ACCESS, minutes_offered__gt=0)
    calls = calls.order_by().annotate(
        own=ArraySubquery(named.filter(calls=OuterRef("pk"))),
        of_instruments=ArraySubquery(named.filter(instruments__calls=OuterRef("pk")).distinct()),
    )
    for call in calls.only("minutes_offered", "countries"):
        countries = frozenset(country.code for country in call.countries)
        yield Offered(call.minutes_offered, frozenset(call.own or call.of_instruments), countries)


def _benches() -> Iterator[Bench]:
    named = Technique.objects.order_by("path").filter(instruments=OuterRef("pk")).values("pk")
    states = (InstrumentState.LISTED, InstrumentState.PROPOSED, InstrumentState.RETURNED)
    rows = Instrument.objects.filter(state__in=states).order_by().annotate(own=ArraySubquery(named))
    for own, country, state in rows.values_list("own", "organisation__country", "state"):
        yield Bench(frozenset(own), country, state == InstrumentState.LISTED)
