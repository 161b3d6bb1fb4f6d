"""Kept figures as tables, of years, places, techniques and people: for the page, for CSV and for programs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_countries import countries

from portal.accounts.enums import CareerStage, Gender
from portal.pages.impact.counting import ALL, COLUMNS, key_of
from portal.pages.impact.hiding import FEW, HIDDEN
from portal.pages.impact.regions import REGION_NAMES, REGION_OF

Text = str | Promise
DEEPER = "— "  # before the name of a technique, once for each that it is a part of


@dataclass(frozen=True)
class Measure:
    """What a column counts. `unit` is how many of it make one shown; `is_gift`: it has no technique.

    `called`: by which name programs read what is shown, where that is another unit than what is kept.
    """

    name: str
    label: Text
    unit: int = 1
    called: str = ""
    is_person: bool = False
    is_gift: bool = False
    is_brief: bool = True  # on the page too, not in the files alone

    @property
    def code(self) -> str:
        return self.called or self.name


MEASURES = (
    Measure("minutes", gettext_lazy("Hours delivered"), unit=60, called="hours"),
    Measure("sessions", gettext_lazy("Sessions held")),
    Measure("bookings", gettext_lazy("Bookings completed"), is_brief=False),
    Measure("countries", gettext_lazy("Countries reached")),
    Measure("researchers", gettext_lazy("Researchers"), is_person=True),
    Measure("trained", gettext_lazy("People trained"), is_person=True),
    Measure("told", gettext_lazy("People trained by those who hold an award"), is_person=True, is_brief=False),
    Measure("structures", gettext_lazy("Structures solved")),
    Measure("publications", gettext_lazy("Publications")),
    Measure("theses", gettext_lazy("Theses"), is_brief=False),
    Measure("gifts", gettext_lazy("Gifts that arrived"), is_gift=True, is_brief=False),
    Measure("gifts_in_use", gettext_lazy("Gifts in use"), is_gift=True),
)


@dataclass(frozen=True)
class Line:
    """A row of a table: `cells` as kept (numbers, FEW or HIDDEN), `percent` of the longest bar."""

    code: str
    label: Text
    cells: Sequence[int | str]
    percent: int = 0

    @property
    def name(self) -> str:
        """The label without the dashes that tell, in a list of choices, how deep in the tree it lies."""
        return str(self.label).lstrip(DEEPER)

    @property
    def is_part(self) -> bool:
        return str(self.label).startswith(DEEPER)

    @property
    def words(self) -> list[int | str]:
        return [in_words(cell) for cell in self.cells]


@dataclass(frozen=True)
class Table:
    """`head` heads the column of the rows' names; bars show the first column."""

    name: str
    title: Text
    head: Text
    measures: Sequence[Measure]
    lines: Sequence[Line]

    @property
    def rows(self) -> list[tuple[Line, list[tuple[Text, str]]]]:
        """Each line with (label of the column, the cell as people read it)."""
        labels = [measure.label for measure in self.measures]
        return [(line, list(zip(labels, map(_grouped, line.words), strict=True))) for line in self.lines]

    @property
    def has_bars(self) -> bool:
        """Whether any line has one: numbers that are not shown have none."""
        return any(line.percent for line in self.lines)

    def brief(self, *names: str) -> "Table":
        """With the columns that the page shows, or those named, without those that have no number at all."""
        places = [
            place
            for place, measure in enumerate(self.measures)
            if (measure.name in names if names else measure.is_brief)
            and (not place or any(line.cells[place] for line in self.lines))
        ]
        lines = [replace(line, cells=[line.cells[place] for place in places]) for line in self.lines]
        return replace(self, measures=[self.measures[place] for place in places], lines=lines)


@dataclass(frozen=True)
class Chosen:
    """The filters: a year, a region of M49, the slug of a technique; None for all."""

    year: int | None = None
    region: str | None = None
    technique: str | None = None

    @property
    def count(self) -> int:
        return sum(part is not None for part in (self.year, self.region, self.technique))


@dataclass(frozen=True)
class Reader:
    """Kept figures under some filters. `names` are the techniques' names by slug, in the order of the tree."""

    figures: dict[str, Any]
    chosen: Chosen = field(default_factory=Chosen)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def years(self) -> list[int]:
        return sorted({int(year) for year in self._known[0] if year != ALL}, reverse=True)

    @property
    def regions(self) -> list[str]:
        return [code for code in REGION_NAMES if code in self._known[1]]

    @property
    def techniques(self) -> list[str]:
        return [slug for slug in self.names if slug in self._known[2]]

    def tables(self) -> dict[str, Table]:
        """By name."""
        made = (self.totals(), self._years(), self._regions(), self.countries(), self._techniques(), self.people())
        return {table.name: table for table in made}

    def totals(self) -> Table:
        """One line a figure under all filters chosen."""
        measures = [row for row in MEASURES if self._is_counted(row, self.chosen.technique is not None)]
        key = key_of(self.chosen.year, self.chosen.region, self.chosen.technique)
        lines = [
            Line(row.code, row.label, [self._cell(row, key, is_alone=self.chosen.count < 2)])
            for row in measures
            if not (row.is_person and self.chosen.count > 1)
        ]
        return Table("totals", _("Everything"), _("What is counted"), [Measure("number", _("Number"))], lines)

    def _years(self) -> Table:
        """Each year under the other filters, the newest first."""
        chosen = self.chosen
        make = partial(key_of, place=chosen.region, technique=chosen.technique)
        rows = [(str(year), str(year), make(year=year)) for year in self.years]
        alone = chosen.region is None and chosen.technique is None
        return self._table("years", _("By year"), _("Year"), rows, is_alone=alone)

    def _regions(self) -> Table:
        make = partial(key_of, self.chosen.year, technique=self.chosen.technique)
        rows = [(code, REGION_NAMES[code], make(place=code)) for code in self.regions]
        alone = self.chosen.year is None and self.chosen.technique is None
        return self._table("regions", _("By region"), _("Region"), rows, is_alone=alone)

    def countries(self) -> Table:
        """Each country of the region chosen, under the other filters, the most hours first."""
        make = partial(key_of, self.chosen.year, technique=self.chosen.technique)
        there = self._known[1].intersection(REGION_OF)
        codes = [code for code in there if self.chosen.region in (None, REGION_OF[code])]
        rows = [(code, countries.name(code), make(place=code)) for code in codes]
        rows.sort(key=lambda row: (-self._cells(row[2]).get("minutes", 0), row[1]))
        alone = self.chosen.year is None and self.chosen.technique is None
        return self._table("countries", _("By country"), _("Country"), rows, is_alone=alone, without="countries")

    def _techniques(self) -> Table:
        make = partial(key_of, self.chosen.year, self.chosen.region)
        rows = [(slug, self.names[slug], make(technique=slug)) for slug in self.techniques]
        alone = self.chosen.year is None and self.chosen.region is None
        return self._table("techniques", _("By technique"), _("Technique"), rows, is_alone=alone, has_gifts=False)

    def people(self) -> Table:
        """By gender and by career stage; no line where two filters meet: the groups would be too small."""
        key = key_of(self.chosen.year, self.chosen.region, self.chosen.technique)
        measures = [row for row in MEASURES if row.name in ("researchers", "trained")]
        lines = [
            Line(column, _person_words(column), [self._person(row.name, key, column) for row in measures])
            for columns in COLUMNS.values()
            for column in columns
        ]
        lines = [line for line in lines if self.chosen.count < 2 and any(line.cells)]
        if not any(cell not in (0, HIDDEN) for line in lines for cell in line.cells):
            lines = []  # a column of "not shown" says nothing
        return Table("people", _("People"), _("Of them"), measures, _with_bars(lines))

    def _table(
        self,
        name: str,
        title: str,
        head: str,
        rows: Iterable[tuple[str, Text, str]],
        *,
        is_alone: bool,
        without: str = "",
        has_gifts: bool = True,
    ) -> Table:
        """`rows` are (code, label, key). People are counted where no other filter `is_alone`."""
        measures = [
            row
            for row in MEASURES
            if row.name != without
            and (is_alone or not row.is_person)
            and self._is_counted(row, self.chosen.technique is not None or not has_gifts)
        ]
        found = [
            (code, label, [self._cell(row, key, is_alone=is_alone) for row in measures]) for code, label, key in rows
        ]
        longest = max((cells[0] for _code, _label, cells in found if isinstance(cells[0], int)), default=0)
        lines = [Line(code, label, cells, _percent(cells[0], longest)) for code, label, cells in found if any(cells)]
        return Table(name, title, head, measures, lines)

    def _is_counted(self, measure: Measure, has_technique: bool) -> bool:
        return not (measure.is_gift and has_technique)

    def _cell(self, measure: Measure, key: str, *, is_alone: bool) -> int | str:
        if measure.is_person:
            return self._person(measure.name, key, "all") if is_alone else 0
        return self._cells(key).get(measure.name, 0) // measure.unit

    def _cells(self, key: str) -> dict[str, int]:
        found: dict[str, int] = self.figures["cells"].get(key, {})
        return found

    def _person(self, measure: str, key: str, column: str) -> int | str:
        found: int | str = self.figures["people"][measure].get(key, {}).get(column, 0)
        return found

    @cached_property
    def _known(self) -> tuple[set[str], ...]:
        """The years, the places and the techniques that anything is known of, from thousands of keys."""
        keys = chain(self.figures["cells"], *self.figures["people"].values())
        parts = [_split(key) for key in keys]
        return tuple({part[place] for part in parts} for place in range(3))


def in_words(cell: int | str) -> int | str:
    """A count as people read it."""
    said: dict[int | str, Callable[[], str]] = {FEW: lambda: _("fewer than 5"), HIDDEN: lambda: _("not shown")}
    return said[cell]() if isinstance(cell, str) else cell


def _grouped(cell: int | str) -> str:
    """`12,345`, as the reader's language has it; words stay."""
    return cell if isinstance(cell, str) else number_format(cell, 0, force_grouping=True)


def _split(key: str) -> tuple[str, str, str]:
    year, place, technique = key.split("/")
    return year, place, technique


def _with_bars(lines: list[Line]) -> list[Line]:
    """The same lines, the first number of each as per cent of the largest."""
    longest = max((line.cells[0] for line in lines if isinstance(line.cells[0], int)), default=0)
    return [replace(line, percent=_percent(line.cells[0], longest)) for line in lines]


def _percent(cell: int | str, longest: int) -> int:
    return round(100 * cell / longest) if isinstance(cell, int) and longest else 0


def _person_words(column: str) -> Text:
    """`gender:woman` as people read it: `Women`."""
    sort, _colon, name = column.partition(":")
    if name == "unsaid":
        return _("Gender not said") if sort == "gender" else _("Career stage not said")
    if sort == "gender":
        return GENDER_WORDS[Gender(name)]
    return _("Other career stage") if name == CareerStage.OTHER else str(CareerStage(name).label)


GENDER_WORDS = {
    Gender.WOMAN: pgettext_lazy("counted", "Women"),
    Gender.MAN: pgettext_lazy("counted", "Men"),
    Gender.OTHER: pgettext_lazy("counted", "Another gender"),
}
