"""Read a table that people send: CSV in UTF-8, with commas, semicolons or tabs. Pure: it asks no database."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_BYTES = 1024 * 1024
TOO_LARGE = gettext_lazy("The file may have up to 1 MB; this one is larger.")
DELIMITERS = ",;\t"
OWN_COLUMNS = ("line", "problems")  # which the file of faulty rows has before the others
OWN_APOSTROPHE = re.compile(r"^'(?=\s*[=+\-@])")  # what our tables put before what begins like a formula


class Unreadable(Exception):
    """The file as a whole cannot be read; the text is a sentence for people."""


def decoded(raw: bytes) -> str:
    """The text of a file as it was sent. Raises Unreadable."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(str(TOO_LARGE))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_("This file is not in UTF-8. Save it as “CSV UTF-8” and send it again.")) from None
    if "\0" in text:
        raise Unreadable(_("This is not a text file. Save the table as “CSV UTF-8” and send it again."))
    return text


def table(text: str, most_rows: int) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and the rows that say something with their numbers. Raises Unreadable."""
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if number == 1 or any(cell.strip() for cell in row):
                rows.append((number, row))
            if len(rows) > most_rows + 1:
                raise Unreadable(_("A file may have up to %(most)d rows. Send it in parts.") % {"most": most_rows})
    except csv.Error as error:
        sentence = _("The quotation marks of this file do not fit together: %(error)s.")
        raise Unreadable(sentence % {"error": error}) from None
    if not rows:
        raise Unreadable(_("The file is empty."))
    return [cell.strip().lower() for cell in rows[0][1]], rows[1:]


def check_header(header: Sequence[str], known: Collection[str], required: Collection[str]) -> None:
    """Raise Unreadable unless each column is known, there once, and none that is required is missing."""
    if lacking := [name for name in required if name not in header]:
        sentence = _("The first row names the columns; these are missing: %(names)s. Begin with our template.")
        raise Unreadable(sentence % {"names": ", ".join(lacking)})
    named = [name for name in header if name]
    if twice := sorted(name for name, times in Counter(named).items() if times > 1):
        raise Unreadable(_("These columns are there twice: %(names)s.") % {"names": ", ".join(twice)[:200]})
    if unknown := [name for name in named if name not in known and name not in OWN_COLUMNS]:
        raise Unreadable(_("These columns are not ours: %(names)s.") % {"names": ", ".join(unknown)[:200]})


def cells_of(header: Sequence[str], row: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The cells of a row by their column, without our own apostrophe; blank where the file has no such column."""
    typed = dict(zip(header, (OWN_APOSTROPHE.sub("", cell.strip()) for cell in row), strict=False))
    return {name: typed.get(name, "") for name in names}


def overflow_of(header: Sequence[str], row: Sequence[str]) -> list[str]:
    """A sentence where a row says something beyond the last column."""
    if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
        return [_("This row has more cells than there are columns.")]
    return []
