"""A country named in a longer question counts as if its name stood in the texts of its rows."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from portal.pages.search.finding import find
from tests.factories.accounts import OrganisationFactory
from tests.factories.calls import CallFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.stories import EventFactory, StoryFactory

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def one_of_each(word: str, country: str) -> dict[str, int]:
    """Rows of a country whose texts do not name it; their primary keys by kind."""
    house = OrganisationFactory(name=f"{word} institute", country=country)
    title = {"title_en": f"{word} there", "title_fr": f"{word} là-bas"}
    name = {"name_en": f"{word} bench", "name_fr": f"{word} : le banc"}
    return {
        "calls": CallFactory(countries=[country, "TG"], **title).pk,
        "instruments": InstrumentFactory(organisation=house, **name).pk,
        "events": EventFactory(country=country, place="", **title).pk,
        "stories": StoryFactory(countries=["BJ", country], **title).pk,
        "organisations": house.pk,
    }


def keys(question: str, language: str = "en") -> dict[str, list[int]]:
    return {kind: found for kind, found in find(question, VISITOR, language).keys.items() if found}


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("crystallography Kenya", "en"),
        ("KENYA crystallography", "en"),
        ("crystallography in Kenya", "en"),
        ("cristallographie au Kenya", "fr"),
    ],
)
def test_of_every_kind_the_rows_of_the_country_are_found(question: str, language: str) -> None:
    word = "Crystallography" if language == "en" else "Cristallographie"
    here = one_of_each(word, "KE")
    one_of_each(word, "GH")
    one_of_each("Hydrology", "KE")
    assert keys(question, language) == {kind: [key] for kind, key in here.items()}


@pytest.mark.parametrize("question", ["optique au Sénégal", "optique Senegal", "OPTIQUE EN SÉNÉGAL"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_names_are_known_in_both_languages_whatever_the_reader_reads(question: str, language: str) -> None:
    story = StoryFactory(title_en="Optique", title_fr="Optique", countries=["SN"])
    StoryFactory(title_en="Optique", title_fr="Optique", countries=["KE"])
    assert keys(question, language) == {"stories": [story.pk]}


def test_techniques_count_with_the_country_too() -> None:
    technique = TechniqueFactory(slug="sem", name_en="Electron microscopy", name_fr="Microscopie électronique")
    here, there = (
        InstrumentFactory(
            name_en="The big one", techniques=[technique], organisation=OrganisationFactory(country=country)
        )
        for country in ("KE", "GH")
    )
    assert keys("electron microscopy Kenya")["instruments"] == [here.pk]
    assert keys("electron microscopy Ghana")["instruments"] == [there.pk]


def test_what_names_the_country_itself_is_still_found_and_comes_first() -> None:
    of_it = StoryFactory(title_en="Optics", countries=["KE"])
    names_it = StoryFactory(title_en="Optics in Kenya")
    assert keys("optics kenya") == {"stories": [names_it.pk, of_it.pk]}


def test_a_country_alone_finds_all_of_it_half_typed_too() -> None:
    here = one_of_each("Seeds", "KE")
    one_of_each("Seeds", "GH")
    for question in ("Kenya", "in Kenya", "keny"):
        assert keys(question) == {kind: [key] for kind, key in here.items()}, question
    assert keys("seeds -kenya")["stories"] == keys("seeds")["stories"]


def test_what_is_not_public_is_not_found_by_its_country() -> None:
    CallFactory(title_en="Zirconium", countries=["KE"], draft=True)
    StoryFactory(title_en="Zirconium", countries=["KE"], draft=True)
    OrganisationFactory(name="Zirconium", country="KE", state="proposed")
    assert keys("zirconium kenya") == {}


def test_a_country_asks_no_further_statement(client: Client, django_assert_num_queries: Any) -> None:
    one_of_each("Diffraction", "KE")
    with django_assert_num_queries(7):
        text = client.get("/en/search/", {"q": "diffraction Kenya"}).content.decode()
    assert "<mark>Diffraction</mark> bench" in text
