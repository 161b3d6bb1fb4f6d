"""Which countries a question names, in English and French, and what is left of it."""

import pytest
from django.utils import translation

from portal.core.countries import by_name, countries_begun, countries_in, country_called


@pytest.mark.parametrize(
    ("question", "codes", "rest"),
    [
        ("crystallography Kenya", ["KE"], "crystallography"),
        ("Cristallographie au Sénégal", ["SN"], "cristallographie"),
        ("CRISTALLOGRAPHIE AU SENEGAL", ["SN"], "cristallographie"),
        ("optics in the Gambia", ["GM"], "optics"),
        ("microscopes d’Égypte", ["EG"], "microscopes"),
        ("Kenya, Uganda or Rwanda hydrology", ["KE", "UG", "RW"], "hydrology"),
        ("in Kenya", ["KE"], ""),
        ("South Sudan", ["SS"], ""),
        ("Guinée-Bissau optique", ["GW"], "optique"),
        ("Côte d'Ivoire", ["CI"], ""),
        ("ivory coast dyes", ["CI"], "dyes"),
        ("DR Congo", ["CD"], ""),
        ("république démocratique du Congo", ["CD"], ""),
        ("Kenya Kenya", ["KE"], ""),
        ("powder Kenya -neutron", ["KE"], "powder -neutron"),
    ],
)
def test_countries_are_named_among_other_words(question: str, codes: list[str], rest: str) -> None:
    assert countries_in(question) == (codes, rest)


@pytest.mark.parametrize(
    "question", ["", " ", "the", "woman", "diffraction -Kenya", '"optics in Kenya"', "Keny", "\x00", "\u202e", "🔬"]
)
def test_what_names_no_country_is_left_whole(question: str) -> None:
    codes, rest = countries_in(question)
    assert codes == []
    assert rest.split() == question.lower().replace("\x00", " ").split()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("sénégal", "SN"),
        ("Côte d’Ivoire", "CI"),
        ("Bahamas", "BS"),
        ("KENYA ", "KE"),
        ("Kenya University", ""),
        ("", ""),
    ],
)
def test_a_country_is_called_by_its_whole_name(name: str, code: str) -> None:
    assert country_called(name) == code


def test_a_long_question_is_read_as_far_as_it_is_searched() -> None:
    assert countries_in("kenya " * 10_000).codes == ["KE"]
    assert countries_in("x" * 300 + " kenya").codes == []


def test_half_a_name_is_enough_where_it_is_all_of_the_question() -> None:
    assert countries_begun("ken", 3) == ["KE"]
    assert countries_begun("ken", 4) == []
    assert countries_begun("Sénég", 4) == ["SN"]
    assert "ZA" in countries_begun("Africa", 3, by_any_word=True)
    assert "ZA" not in countries_begun("Africa", 3)


def test_accents_do_not_send_a_country_to_the_end_of_its_letter() -> None:
    with translation.override("fr"):
        named = [name for _code, name in by_name(["BF", "ET", "BJ", "EG", "ZA"])]
    assert named == ["Afrique du Sud", "Bénin", "Burkina Faso", "Égypte", "Éthiopie"]
