"""Tables for a spreadsheet, written as their rows are read: CSV for every program, XLSX for those who use Excel.

Cells are text, whole numbers, numbers, days, moments (in UTC, with their offset), yes and no, or nothing. None can be
mistaken for a formula: CSV cells that begin like one get an apostrophe in front, XLSX cells are written as text.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
FORMULA = re.compile(r"^\s*[=+\-@\t\r\n＝＋－＠]")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
UTF_8_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine
LONGEST_CELL = 32_767  # of Excel
Row = Sequence[Any]


def table_response(format_name: str, name: str, header: Row, rows: Iterable[Row]) -> HttpResponseBase:
    """Answer with a table as a download called `name`, made safe, and today's date; `format_name` is one of FORMATS."""
    file_name = f"{slugify(name)[:60] or 'table'}-{timezone.now():%Y-%m-%d}.{format_name}"
    return _xlsx(file_name, header, rows) if format_name == XLSX else _csv(file_name, header, rows)


class _Echo:
    """A file for `csv.writer` that hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(file_name: str, header: Row, rows: Iterable[Row]) -> StreamingHttpResponse:
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield UTF_8_MARK
        for row in _with_header(header, rows):
            yield writer.writerow([_safe(_plain(cell)) for cell in row])

    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8", headers=headers)


def _xlsx(file_name: str, header: Row, rows: Iterable[Row]) -> FileResponse:
    """A workbook is a zip whose index comes last, so it is written to a file first; memory stays flat."""
    from xlsxwriter import Workbook  # 12 MB that only those pay for who ask for a workbook

    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for line, row in enumerate(_with_header(header, rows)):
        for column, cell in enumerate(map(_plain, row)):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell[:LONGEST_CELL])
            else:
                sheet.write_number(line, column, cell)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX_TYPE)


def _with_header(header: Row, rows: Iterable[Row]) -> Iterator[Row]:
    yield header
    yield from rows


def _plain(cell: Any) -> str | int | float:
    """A cell as text or a number."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, Decimal | Fraction):
        return float(cell)
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return NOT_IN_XML.sub("", str(cell))


def _safe(cell: str | int | float) -> str | int | float:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection); numbers may begin with a minus."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell
