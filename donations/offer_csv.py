"""Read a file of many offers. Pure: nothing is asked of the database."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from donations.features import features_of
from donations.offer_bounds import contradictions
from donations.offer_cells import Bad, Column, columns
from portal.core.sheets import OWN_COLUMNS, Unreadable, cells_of, check_header, overflow_of, table

MOST_ROWS = 500
REQUIRED = ("category", "title")


@dataclass
class Line:
    """One row: `number` as spreadsheets count, `cells` as typed, `values` the offer's columns, `features` by key."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    features: dict[str, Decimal | None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.cells.get("title", "")


def read(text: str, categories: Collection[str], languages: Collection[str]) -> list[Line]:
    """The rows of `text`, each cleaned or with its problems in words. Raises Unreadable."""
    known = columns(categories, languages)
    header, rows = table(text, MOST_ROWS)
    check_header(header, {column.name for column in known}, REQUIRED)
    lines = [_line(number, header, row, known) for number, row in rows]
    if not lines:
        raise Unreadable(_("There are no rows below the names of the columns."))
    return lines


def _line(number: int, header: Sequence[str], row: Sequence[str], known: Sequence[Column]) -> Line:
    line = Line(number, cells_of(header, row, [column.name for column in known]))
    line.problems += overflow_of(header, row)
    for column in known:
        _clean(line, column)
    line.features = line.values.pop("features", {})
    line.problems += [f"{name}: {sentence}" for name, sentence in contradictions(line.values)]
    line.problems += _foreign_features(line)
    return line


def _clean(line: Line, column: Column) -> None:
    """Put what a cell comes to into `values`; a blank one leaves what a new offer says."""
    cell = line.cells[column.name]
    if not cell:
        if column.name in REQUIRED:
            line.problems.append(f"{column.name}: " + _("is missing."))
        return
    try:
        line.values[column.name] = column.clean(cell)
    except Bad as bad:
        line.problems.append(f"{column.name}: {bad}")


def _foreign_features(line: Line) -> Iterator[str]:
    own = {feature.key for feature in features_of(line.values.get("category", ""))}
    for key in line.features:
        if key not in own and "category" in line.values:
            yield "features: " + _("“%(word)s” is not asked of this category.") % {"word": key}


def template(categories: Collection[str], languages: Collection[str]) -> tuple[list[str], list[str]]:
    """The first row of the template and one example below it."""
    known = columns(categories, languages)
    return [column.name for column in known], [column.example for column in known]


def faulty_rows(lines: Sequence[Line]) -> tuple[list[str], Iterator[list[str]]]:
    """The file of the rows with problems: the same columns as were sent, after what is wrong."""
    names = list(lines[0].cells) if lines else []
    rows = ([str(line.number), " ".join(line.problems), *line.cells.values()] for line in lines if line.problems)
    return [*OWN_COLUMNS, *names], rows


def counted(lines: Sequence[Line]) -> Mapping[str, int]:
    faulty = sum(1 for line in lines if line.problems)
    return {"rows": len(lines), "faulty": faulty, "good": len(lines) - faulty}
