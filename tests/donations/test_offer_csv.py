"""Files of many offers: what is read, what is refused, in words; without a database."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.offer_csv import MOST_ROWS, faulty_rows, read, template
from portal.core.sheets import Unreadable, decoded

CATEGORIES, LANGUAGES = ["centrifuges", "balances"], ["en", "fr"]


def table(*rows: dict[str, str], delimiter: str = ",") -> str:
    """A file with the template's columns; each row changes the example."""
    header, example = template(CATEGORIES, LANGUAGES)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    for row in rows:
        writer.writerow([row.get(name, cell) for name, cell in zip(header, example, strict=True)])
    return text.getvalue()


def lines(*rows, **options):
    return read(table(*rows, **options), CATEGORIES, LANGUAGES)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_template_s_example_is_read(delimiter):
    (line,) = lines({}, delimiter=delimiter)
    assert line.problems == []
    assert line.values["category"] == "centrifuges"
    assert line.values["weight_kg"] == Decimal("28.5")
    assert line.values["tested_on"] == date(2026, 6, 1)
    assert line.values["frequencies"] == [50, 60]
    assert line.values["needs_mains"] is True
    assert line.features == {"speed_rpm": 4000, "tubes": 24, "cooled": None}
    assert (line.number, line.title) == (2, "Bench centrifuge, 24 places")


def test_excel_s_mark_and_line_ends_are_welcome():
    raw = b"\xef\xbb\xbfCategory;Title\r\nbalances;Balance\r\n\r\n"
    (line,) = read(decoded(raw), CATEGORIES, LANGUAGES)
    assert (line.values, line.problems) == ({"category": "balances", "title": "Balance"}, [])


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("category", "spaceships", "category: is one of: centrifuges, balances."),
        ("category", "", "category: is missing."),
        ("title", "x" * 121, "title: has up to 120 letters; this has 121."),
        ("title", '=HYPERLINK("http://example.org")', "title: this is a formula. Type what it comes to."),
        ("description", "Write to a@example.org", "description: is read by everybody."),
        ("spares", "Call +33 1 23 45 67 89", "spares: is read by everybody."),
        ("year", "1066", "year: is a whole number from 1950 to"),
        ("quantity", "0", "quantity: is a whole number from 1 to 1000."),
        ("quantity", "2.5", "quantity: is a whole number from 1 to 1000."),
        ("weight_kg", "99999", "weight_kg: is a number from 0.01 to 2000"),
        ("weight_kg", "-3", "weight_kg: is a number from 0.01 to 2000"),
        ("weight_kg", "1e9", "weight_kg: is a number from 0.01 to 2000"),
        ("weight_kg", "NaN", "weight_kg: is a number from 0.01 to 2000"),
        ("tested_on", "01/06/2026", "tested_on: is a day written as 2026-03-22."),
        ("tested_on", "2999-01-01", "tested_on: This day has not come yet."),
        ("available_until", "2001-01-01", "available_until: This day has passed."),
        ("decontaminated", "perhaps", "decontaminated: is one of: yes, no, not_needed."),
        ("needs_mains", "perhaps", "needs_mains: is yes or no."),
        ("country", "Atlantis", "country: “Atlantis” is no country"),
        ("plug", "Z", "plug: is one of: A, B"),
        ("frequencies", "50, 55", "frequencies: is 50, 60 or both."),
        ("voltage_low", "400", "voltage_high: The highest voltage is below the lowest."),
        ("features", "speed_rpm", "features: write features as speed_rpm=4000; cooled."),
        ("features", "charm=3", "features: “charm” is no feature that can be compared."),
        ("features", "gel_cm=3", "features: “gel_cm” is not asked of this category."),
        ("manual_languages", "klingon", "manual_languages: is one of:"),
        ("loan_months", "900", "loan_months: is a whole number from 1 to 120."),
    ],
)
def test_what_is_wrong_is_said_in_words(column, cell, words):
    (line,) = lines({column: cell})
    assert [problem for problem in line.problems if problem.startswith(words)], line.problems
    assert len(line.problems) == 1


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("weight_kg", "12,5", Decimal("12.5")),
        ("value_eur", "1 200", 1200),
        ("country", "france", "FR"),
        ("countries", "TG, BJ", ["TG", "BJ"]),
        ("needs_mains", "Oui", True),
        ("condition", "As new", "as_new"),
        ("title", "'-80 freezer", "-80 freezer"),
        ("title", "-80 freezer", "-80 freezer"),
        ("pick_up", "Gate 2, call +33 1 23 45 67 89", "Gate 2, call +33 1 23 45 67 89"),
    ],
)
def test_people_s_ways_of_writing_are_understood(column, cell, value):
    (line,) = lines({column: cell})
    assert (line.problems, line.values[column]) == ([], value)


def test_good_rows_stand_beside_faulty_ones():
    good, bad = lines({}, {"weight_kg": "heavy", "year": "soon"})
    assert (good.problems, len(bad.problems), bad.number) == ([], 2, 3)


def test_the_file_of_faulty_rows_can_be_mended_and_sent_again():
    read_lines = lines({}, {"weight_kg": "heavy"})
    header, rows = faulty_rows(read_lines)
    (row,) = rows
    assert row[:2] == ["3", "weight_kg: is a number from 0.01 to 2000, such as 12.5."]
    text = io.StringIO()
    csv.writer(text).writerows([header, [cell.replace("heavy", "12") for cell in row]])
    (mended,) = read(text.getvalue(), CATEGORIES, LANGUAGES)
    assert (mended.problems, mended.values["weight_kg"]) == ([], 12)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty."),
        (b"category,title\r\n", "no rows below"),
        (b"maker,model\nx,y", "these are missing: category, title"),
        (b"category,title,title\nbalances,a,b", "there twice: title"),
        (b"category,title,price\nbalances,a,b", "not ours: price"),
        (b'category,title\nbalances,"half', "quotation marks"),
        (b"category,title\nbalances,Ma\xe9", "not in UTF-8"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"x" * (1024 * 1024 + 1), "up to 1 MB"),
        (b"category,title\n" + b"balances,Balance\n" * (MOST_ROWS + 1), "up to 500 rows"),
        (b"category,title\nbalances," + b"x" * 200_000, "quotation marks"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(raw, words):
    with pytest.raises(Unreadable, match=words):
        read(decoded(raw), CATEGORIES, LANGUAGES)


@given(st.text(max_size=300))
def test_whatever_is_sent_is_read_or_refused_in_words(text):
    try:
        found = read(f"category,title\n{text}", CATEGORIES, LANGUAGES)
    except Unreadable:
        return
    assert all(line.problems or {"category", "title"} <= set(line.values) for line in found)
