"""Where the next instrument should be sought: techniques in order, each with its reasons in words.

First come the techniques of which most hours were asked for and were not to be had: asked for, less granted, less what
open calls offer. Where that says nothing, it is those of which most people wish to hear for each instrument listed.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from instruments.models import Technique
from portal.core.times import hours_text
from portal.pages.demand.counting import Cell, Demand


@dataclass(frozen=True)
class Sought:
    """`asked`, `granted` and `offered` are minutes; `nearby` are instruments listed in the countries asked about.

    `homes` are the countries in which people wish to hear of it, `countries` those from which anybody asks for it.
    """

    technique: Technique
    people: int
    homes: int
    countries: int
    contributors: int
    applications: int
    asked: int
    granted: int
    offered: int
    listed: int
    nearby: int
    proposed: int

    @property
    def short(self) -> int:
        """Minutes asked for that were not to be had."""
        return max(0, self.asked - self.granted - self.offered)

    @property
    def to_be_had(self) -> int:
        return self.granted + self.offered

    @property
    def place(self) -> tuple[int, float, int, str]:
        """What it is ordered by, the smallest first."""
        return (-self.short, -self.people / (self.listed + 1), -self.people, self.technique.path)

    def reasons(self, where: str = "") -> list[str]:
        """Sentences; `where` names the region asked about."""
        found = [self._people(), self._hours(), self._instruments(where), self._pipeline()]
        return [sentence for sentence in found if sentence]

    def _people(self) -> str:
        if not self.people:
            return ""
        values = {"people": self.people, "countries": self.homes}
        if self.homes < 2:
            one = ngettext(
                "%(people)s person wishes to hear of it.", "%(people)s people wish to hear of it.", self.people
            )
            return one % values
        return _("%(people)s people in %(countries)s countries wish to hear of it.") % values

    def _hours(self) -> str:
        if not self.applications:
            return ""
        values = {
            "number": self.applications,
            "asked": hours_text(self.asked),
            "granted": hours_text(self.granted),
            "offered": hours_text(self.offered),
        }
        said = ngettext(
            "%(number)s application asked for %(asked)s; %(granted)s were granted.",
            "%(number)s applications asked for %(asked)s; %(granted)s were granted.",
            self.applications,
        )
        if self.offered:
            said += " " + _("%(offered)s are on offer in open calls.")
        return said % values

    def _instruments(self, where: str) -> str:
        if not self.listed:
            return _("No laboratory opens one.")
        said = ngettext("%(number)s instrument is listed.", "%(number)s instruments are listed.", self.listed) % {
            "number": self.listed
        }
        if where and not self.nearby:
            said += " " + _("None of them is there: %(where)s.") % {"where": where}
        return said

    def _pipeline(self) -> str:
        said = []
        if self.contributors:
            one = ngettext(
                "%(number)s contributor says they could open one.",
                "%(number)s contributors say they could open one.",
                self.contributors,
            )
            said.append(one % {"number": self.contributors})
        if self.proposed:
            one = ngettext("%(number)s is proposed.", "%(number)s are proposed.", self.proposed)
            said.append(one % {"number": self.proposed})
        return " ".join(said)


@dataclass(frozen=True)
class Pair:
    """A technique in a country; `offered` are minutes of open calls that are open to it."""

    technique: Technique
    country: str
    cell: Cell
    offered: int

    @property
    def country_name(self) -> str:
        return str(countries.name(self.country)) if self.country else ""


def sought(demand: Demand, here: frozenset[str] | None = None) -> list[Sought]:
    """Every technique that somebody asks for, the one to seek first on top."""
    asked_for = {technique for (technique, _country), cell in demand.cells.items() if cell.is_demand}
    rows = [_sought(demand, technique, here) for technique in asked_for]
    return sorted(rows, key=lambda row: row.place)


def _sought(demand: Demand, technique: int, here: frozenset[str] | None) -> Sought:
    cells = {country: cell for (pk, country), cell in demand.cells.items() if pk == technique}
    benches = demand.benches_of(technique)
    listed = [bench for bench in benches if bench.is_listed]
    return Sought(
        technique=demand.techniques[technique],
        people=sum(cell.people for cell in cells.values()),
        homes=sum(bool(country and cell.people) for country, cell in cells.items()),
        countries=sum(bool(country and cell.is_demand) for country, cell in cells.items()),
        contributors=demand.contributors[technique],
        applications=sum(cell.applications for cell in cells.values()),
        asked=sum(cell.asked for cell in cells.values()),
        granted=sum(cell.granted for cell in cells.values()),
        offered=demand.minutes_offered(technique, cells),
        listed=len(listed),
        nearby=sum(here is None or bench.country in here for bench in listed),
        proposed=len(benches) - len(listed),
    )


def pairs(demand: Demand) -> list[Pair]:
    """Every technique in every country where somebody asks for it, most hours asked for first."""
    rows = [
        Pair(demand.techniques[technique], country, cell, demand.minutes_offered(technique, [country]))
        for (technique, country), cell in demand.cells.items()
        if cell.is_demand
    ]
    return sorted(rows, key=lambda row: (-row.cell.asked, -row.cell.people, row.technique.path, row.country))
