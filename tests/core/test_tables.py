"""Tables for a spreadsheet: nothing in them is a formula, nobody's program misreads them, memory stays flat."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from portal.core.tables import table_response

pytestmark = pytest.mark.django_db  # a response that is closed looks after the connections of its request

FORMULAS = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1+1",
    "＝1+1",
]


def csv_of(header, rows):
    response = table_response("csv", "Board", header, rows)
    return response, b"".join(response.streaming_content).decode("utf-8")


def xlsx_of(header, rows):
    response = table_response("xlsx", "Board", header, rows)
    book = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    response.close()
    return response, book


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_a_name_stays_a_name(formula):
    _response, text = csv_of(["name"], [[formula]])
    (_header, (cell,)) = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert cell == f"'{formula}"
    _response, book = xlsx_of(["name"], [[formula]])
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert b"hyperlink" not in book.read("xl/worksheets/sheet1.xml")


def test_cells_are_what_they_are():
    row = [
        None,
        True,
        False,
        3,
        -2.5,
        Fraction(7, 2),
        date(2027, 3, 1),
        datetime(2027, 3, 1, 9, 5, tzinfo=UTC),
        'é "q", x',
    ]
    _response, text = csv_of(["a"] * len(row), [row])
    (_header, cells) = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert cells == ["", "yes", "no", "3", "-2.5", "3.5", "2027-03-01", "2027-03-01 09:05+00:00", 'é "q", x']
    _response, book = xlsx_of(["a"] * len(row), [row])
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>-2.5</v>" in sheet
    assert "é &quot;q&quot;, x" in sheet or 'é "q", x' in sheet


def test_excel_knows_the_encoding_and_the_name_is_harmless():
    response = table_response("csv", '../../é"\r\nX: y', ["a"], [])
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbf")
    name = response["Content-Disposition"].partition("filename=")[2]
    assert name.endswith('.csv"')
    assert set("/\\\r\n") & set(name) == set()


def test_control_letters_do_not_break_the_workbook():
    _response, book = xlsx_of(["a"], [["a\x00b\x0bc" + "x" * 40_000]])
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "abcx" in sheet
    assert "x" * 32_768 not in sheet


def test_rows_of_a_csv_are_read_as_they_are_sent():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield [number]

    response = table_response("csv", "x", ["n"], rows())
    assert read == []
    assert len(list(response.streaming_content)) == 5
    assert read == [0, 1, 2]
