"""Which names and websites are probably one organisation; without a database."""

from itertools import product

import pytest

from portal.accounts.doubles import Entry, host_of, likely_doubles, words_of


def pairs(*entries: tuple[str, str, str]) -> list[tuple[int, int]]:
    rows = [Entry(number, name, country, website) for number, (name, country, website) in enumerate(entries)]
    return [(first, second) for first, second, _why in likely_doubles(rows)]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Université de Lomé", "University of Lome"),
        ("Institut National de Chimie", "National Institute, Chimie"),
        ("Lab. of Optics", "Optics Laboratory"),
        ("University of Zambézia", "Universidade da Zambezia"),
    ],
)
def test_the_same_name_in_other_words(name: str, other: str) -> None:
    assert words_of(name) == words_of(other)
    assert pairs((name, "TG", ""), (other, "TG", "")) == [(0, 1)]
    assert pairs((name, "TG", ""), (other, "BJ", "")) == []


def test_a_typing_error_is_near_and_another_place_is_not() -> None:
    assert pairs(("Lakeside Institute of Hydrology", "KE", ""), ("Lakeside Institut of Hydrolgy", "KE", "")) == [(0, 1)]
    assert pairs(("University of Nairobi", "KE", ""), ("University of Mombasa", "KE", "")) == []


def test_a_typing_error_is_found_among_thousands_of_one_country() -> None:
    towns = [
        "".join(letters) for letters in product(("ba", "ke", "lo"), ("ndi", "mo", "zu"), ("ra", "si"), ("ga", "te"))
    ]
    many = [(f"University of {one} {other}", "NG", "") for one, other in product(towns, towns)]
    wrong = [("Universty of Lakeside Hydrology", "NG", ""), ("University of Lakeside Hydrolgy", "NG", "")]
    right = ("University of Lakeside Hydrology", "NG", "")
    last = len(many)
    found = pairs(*many, *wrong, right, ("Mountain Polytechnic", "NG", ""))
    assert len(many) > 1000
    assert {pair for pair in found if max(pair) >= last} == {(last, last + 1), (last, last + 2), (last + 1, last + 2)}


def test_one_website_is_one_place_unless_it_is_a_host_of_many() -> None:
    assert pairs(("A", "KE", "https://www.lake.example/en/"), ("B", "UG", "http://lake.example")) == [(0, 1)]
    assert pairs(*((f"Centre {letter * 9}", "KE", "https://ministry.example") for letter in "abcdefg")) == []
    assert host_of("") == ""


def test_the_surest_reason_is_given_once() -> None:
    [found] = likely_doubles([Entry(7, "Lake", "KE", "https://a.example"), Entry(3, "lake", "KE", "https://a.example")])
    assert found[:2] == (3, 7)
    assert "same name" in found[2]
