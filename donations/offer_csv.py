"""Read a file of many offers: CSV in UTF-8, with commas, semicolons or tabs. Pure: nothing is asked of the database."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from donations.features import features_of
from donations.offer_bounds import contradictions
from donations.offer_cells import Bad, Column, columns

MOST_ROWS = 500
MOST_BYTES = 1024 * 1024
DELIMITERS = ",;\t"
OWN_COLUMNS = ("line", "problems")  # which the file of faulty rows has before the others
REQUIRED = ("category", "title")
OWN_APOSTROPHE = re.compile(r"^'(?=\s*[=+\-@])")  # what our tables put before what begins like a formula


class Unreadable(Exception):
    """The file as a whole cannot be read; the text is a sentence for people."""


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


def decoded(raw: bytes) -> str:
    """The text of a file as it was sent. Raises Unreadable."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(_("The file may have up to 1 MB; this one is larger."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_("This file is not in UTF-8. Save it as “CSV UTF-8” and send it again.")) from None
    if "\0" in text:
        raise Unreadable(_("This is not a text file. Save the table as “CSV UTF-8” and send it again."))
    return text


def read(text: str, categories: Collection[str], languages: Collection[str]) -> list[Line]:
    """The rows of `text`, each cleaned or with its problems in words. Raises Unreadable."""
    known = columns(categories, languages)
    header, rows = _table(text)
    _check_header(header, {column.name for column in known})
    lines = [_line(number, header, row, known) for number, row in rows]
    if not lines:
        raise Unreadable(_("There are no rows below the names of the columns."))
    return lines


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and the rows that say something with their numbers: no more than may be sent."""
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if number == 1 or any(cell.strip() for cell in row):
                rows.append((number, row))
            if len(rows) > MOST_ROWS + 1:
                raise Unreadable(_("A file may have up to %(most)d rows. Send it in parts.") % {"most": MOST_ROWS})
    except csv.Error as error:
        sentence = _("The quotation marks of this file do not fit together: %(error)s.")
        raise Unreadable(sentence % {"error": error}) from None
    if not rows:
        raise Unreadable(_("The file is empty."))
    return [cell.strip().lower() for cell in rows[0][1]], rows[1:]


def _check_header(header: Sequence[str], known: Collection[str]) -> None:
    if lacking := [name for name in REQUIRED if name not in header]:
        sentence = _("The first row names the columns; these are missing: %(names)s. Begin with our template.")
        raise Unreadable(sentence % {"names": ", ".join(lacking)})
    named = [name for name in header if name]
    if twice := sorted(name for name, times in Counter(named).items() if times > 1):
        raise Unreadable(_("These columns are there twice: %(names)s.") % {"names": ", ".join(twice)[:200]})
    if unknown := [name for name in named if name not in known and name not in OWN_COLUMNS]:
        raise Unreadable(_("These columns are not ours: %(names)s.") % {"names": ", ".join(unknown)[:200]})


def _line(number: int, header: Sequence[str], row: Sequence[str], known: Sequence[Column]) -> Line:
    typed = dict(zip(header, (OWN_APOSTROPHE.sub("", cell.strip()) for cell in row), strict=False))
    cells = {column.name: typed.get(column.name, "") for column in known}
    line = Line(number, cells)
    if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
        line.problems.append(_("This row has more cells than there are columns."))
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
            line.problems.append(f"{column.name}: {_('is missing.')}")
        return
    try:
        line.values[column.name] = column.clean(cell)
    except Bad as bad:
        line.problems.append(f"{column.name}: {bad}")


def _foreign_features(line: Line) -> Iterator[str]:
    own = {feature.key for feature in features_of(line.values.get("category", ""))}
    for key in line.features:
        if key not in own and "category" in line.values:
            yield f"features: {_('“%(word)s” is not asked of this category.') % {'word': key}}"


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
