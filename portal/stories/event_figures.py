"""Figures of events: what the attendance of their trainings says, and what of them everybody may read.

Gender is what people said of themselves in their profile, for staff alone. So a public page says how many came only
where they are not fewer than `SMALLEST` (else it would tell what the figures of impact hide), how many women only where
at least `SMALLEST` and at least as many others did, and how many from each country only where no country is below that.
A country from which fewer came is not named: what somebody said elsewhere of who went there would tell who it was.
"""

from dataclasses import dataclass, field
from typing import Any

from django_countries.fields import Country

from instruments.enums import PlaceState, TrainingResult
from instruments.models import TrainingPlace
from portal.accounts.enums import Gender
from portal.core.search import fold
from portal.stories.models import Event, EventCountry

SMALLEST = 5


@dataclass
class Attendance:
    """Who took part, counted once each: in all, and by country of work (ISO code)."""

    people: int = 0
    women: int = 0
    countries: dict[str, tuple[int, int]] = field(default_factory=dict)


def attendance_of(event: Event) -> Attendance:
    """Those with a place on its trainings who came, whether they passed or not. One statement."""
    came = TrainingPlace.objects.filter(
        training__in=event.trainings.all(),
        state=PlaceState.GIVEN,
        result__in=[TrainingResult.PASSED, TrainingResult.FAILED],
    )
    found = Attendance()
    for _person, gender, country in came.order_by().values_list("user", "user__gender", "user__country").distinct():
        is_woman = gender == Gender.WOMAN
        found.people += 1
        found.women += is_woman
        if country:
            people, women = found.countries.get(country, (0, 0))
            found.countries[country] = people + 1, women + is_woman
    return found


@dataclass(frozen=True)
class PublicFigures:
    """What everybody may read; None: unknown, or too few to be told."""

    people: int | None
    women: int | None
    countries: list[tuple[Country, int | None]]
    unnamed: int  # countries from which too few came to be named

    @property
    def all_countries(self) -> int:
        return len(self.countries) + self.unnamed


def public_figures(event: Event) -> PublicFigures:
    """Figures of a closed event; its countries by their names in the active language. Reads `countries` once."""
    rows: list[Any] = sorted(event.countries.all(), key=_name_of)
    if event.people is not None and event.people < SMALLEST:
        return PublicFigures(None if event.people else 0, None, [], 0)
    named = [row for row in rows if row.people is None or row.people >= SMALLEST]
    are_told = len(named) == len(rows) and all(row.people is not None for row in rows)
    women = event.women if _are_many(event.women, event.people) else None
    countries = [(row.country, row.people if are_told else None) for row in named]
    return PublicFigures(event.people, women, countries, len(rows) - len(named))


def _name_of(row: EventCountry) -> str:
    country: Any = row.country
    return fold(str(country.name))


def _are_many(women: int | None, people: int | None) -> bool:
    return women is not None and people is not None and women >= SMALLEST and people - women >= SMALLEST
