"""Read a file of organisations. Pure: nothing is asked of the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries

from portal.accounts.enums import OrganisationKind
from portal.accounts.identifiers import clean_ror
from portal.accounts.zones import known_zones
from portal.core.countries import country_called
from portal.core.search import fold
from portal.core.sheets import OWN_COLUMNS, Unreadable, cells_of, check_header, overflow_of, table

MOST_ROWS = 2000
LONGEST_SUMMARY = 2000
REQUIRED = ("name", "country")
EXAMPLE = {
    "name": "Lakeside University",
    "kind": "university",
    "country": "KE",
    "city": "Kisumu",
    "time_zone": "Africa/Nairobi",
    "ror": "https://ror.org/03yrm5c26",
    "website": "https://lakeside.example",
    "summary_en": "Teaches crystallography and has remote access since 2026.",
    "summary_fr": "Enseigne la cristallographie et dispose d’un accès à distance depuis 2026.",
}


class Bad(Exception):
    """A cell that cannot be understood; the text is a sentence for people."""


@dataclass
class Line:
    """One row: `number` as spreadsheets count, `cells` as typed, `values` by the organisation's columns."""

    number: int
    cells: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.cells.get("name", "")


def read(text: str) -> list[Line]:
    """The rows of `text`, each cleaned or with its problems in words. Raises Unreadable."""
    header, rows = table(text, MOST_ROWS)
    check_header(header, COLUMNS, REQUIRED)
    lines = [_line(number, header, row) for number, row in rows]
    if not lines:
        raise Unreadable(_("There are no rows below the names of the columns."))
    return lines


def template() -> tuple[list[str], list[str]]:
    """The first row of the template and one example below it."""
    return list(COLUMNS), [EXAMPLE[name] for name in COLUMNS]


def faulty_rows(lines: Sequence[Line]) -> tuple[list[str], Iterator[list[str]]]:
    """The file of the rows with problems: the same columns as were sent, after what is wrong."""
    rows = ([str(line.number), " ".join(line.problems), *line.cells.values()] for line in lines if line.problems)
    return [*OWN_COLUMNS, *COLUMNS], rows


def _line(number: int, header: Sequence[str], row: Sequence[str]) -> Line:
    line = Line(number, cells_of(header, row, list(COLUMNS)))
    line.problems += overflow_of(header, row)
    for name, clean in COLUMNS.items():
        cell = line.cells[name]
        if not cell and name in REQUIRED:
            line.problems.append(f"{name}: " + _("is missing."))
        if not cell:
            continue
        try:
            line.values[name] = clean(cell)
        except Bad as bad:
            line.problems.append(f"{name}: {bad}")
        except ValidationError as error:
            line.problems.append(f"{name}: {' '.join(error.messages)}")
    return line


def _words(longest: int, *, has_lines: bool = False) -> Callable[[str], str]:
    def clean(cell: str) -> str:
        text = cell if has_lines else " ".join(cell.split())
        if text.startswith("="):
            raise Bad(_("this is a formula. Type what it comes to."))
        if len(text) > longest:
            raise Bad(_("has up to %(most)d letters; this has %(count)d.") % {"most": longest, "count": len(text)})
        if not all(letter.isprintable() or (has_lines and letter in "\r\n\t") for letter in text):
            raise Bad(_("contains an invisible character."))
        return text

    return clean


def _kind(cell: str) -> str:
    for value, labels in _kinds().items():
        if fold(cell) in labels:
            return value
    raise Bad(_("is one of: %(words)s.") % {"words": ", ".join(OrganisationKind.values)})


def _country(cell: str) -> str:
    code = cell.upper() if len(cell) == 2 else country_called(cell)
    if code not in countries:
        raise Bad(_("“%(word)s” is no country: write its two letters, such as FR, or its name.") % {"word": cell})
    return code


def _zone(cell: str) -> str:
    if cell not in known_zones():
        raise Bad(_("is the name of a time zone, such as Africa/Nairobi."))
    return cell


def _website(cell: str) -> str:
    address = cell if "://" in cell else f"https://{cell}"
    URLValidator(schemes=["http", "https"])(address)
    if len(address) > 200:
        raise Bad(_("has up to %(most)d letters; this has %(count)d.") % {"most": 200, "count": len(address)})
    return address


@cache
def _kinds() -> Mapping[str, set[str]]:
    """What each kind is called: its word for programs, and its label in every language."""
    called: dict[str, set[str]] = {value: {fold(value)} for value in OrganisationKind.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, label in OrganisationKind.choices:
                called[value].add(fold(str(label)))
    return called


COLUMNS: dict[str, Callable[[str], Any]] = {
    "name": _words(200),
    "kind": _kind,
    "country": _country,
    "city": _words(100),
    "time_zone": _zone,
    "ror": clean_ror,
    "website": _website,
    "summary_en": _words(LONGEST_SUMMARY, has_lines=True),
    "summary_fr": _words(LONGEST_SUMMARY, has_lines=True),
}
