"""The directory of the network, and the page of an organisation: what is shown, to whom, in how many statements."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import Membership, Organisation, User
from tests.factories.accounts import OrganisationFactory
from tests.factories.instruments import InstrumentFactory
from tests.factories.stories import EventFactory, StoryFactory
from tests.factories.trainings import TrainingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(institute: Organisation, laboratory: Organisation) -> None:
    """A university, a laboratory with two instruments of which one is public, a centre, a chair, one not verified."""
    Organisation.objects.filter(pk=laboratory.pk).update(kind="institute")
    InstrumentFactory(organisation=laboratory)
    InstrumentFactory(organisation=laboratory, state="draft")
    InstrumentFactory(organisation=institute, state="proposed")
    OrganisationFactory(name="Centre for Water", kind="category_2_centre", country="EG", summary_fr="Eau douce.")
    OrganisationFactory(name="Chair of Crystals", kind="chair", country="EG", city="Cairo")
    OrganisationFactory(name="Hidden College", state="proposed", country="MU")


def names(answer: Any) -> list[str]:
    return [row.name for row in answer.context["page_obj"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            "",
            ["Alpine Crystallography Laboratory", "Centre for Water", "Chair of Crystals", "Lakeside University"],
        ),
        ("kind=chair", ["Chair of Crystals"]),
        ("country=EG", ["Centre for Water", "Chair of Crystals"]),
        ("hosts=on", ["Alpine Crystallography Laboratory"]),
        ("q=cryst", ["Alpine Crystallography Laboratory", "Chair of Crystals"]),
        ("q=cryst&country=EG", ["Chair of Crystals"]),
        ("q=Hidden", []),
    ],
)
def test_filters(query: str, found: list[str], client: Client, network: None) -> None:
    assert names(client.get(f"/en/network/?{query}")) == found


def test_words_are_found_in_the_readers_language(client: Client, network: None) -> None:
    assert names(client.get("/fr/network/?q=eau")) == ["Centre for Water"]


def test_kinds_are_counted_over_the_other_filters(client: Client, network: None) -> None:
    answer = client.get("/en/network/?country=EG&kind=chair")
    assert {each.kind: each.number for each, _link in answer.context["kinds"]} == {"category_2_centre": 1, "chair": 1}
    links = [link for _kind, link in answer.context["kinds"]]
    assert links == ["?country=EG&kind=category_2_centre", "?country=EG&kind=chair"]
    assert answer.context["every_kind"] == (2, "?country=EG")


def test_a_card_says_how_many_instruments_are_public(client: Client, network: None) -> None:
    numbers = {row.name: row.hosted for row in client.get("/en/network/").context["page_obj"]}
    assert numbers["Alpine Crystallography Laboratory"] == 1
    assert not numbers["Lakeside University"]


@pytest.mark.parametrize("query", ["kind=circus", "country=XX", "q=" + "x" * 10_000, "q=%00"])
def test_filters_that_make_no_sense_are_said(query: str, client: Client, network: None) -> None:
    answer = client.get(f"/en/network/?{query}")
    assert answer.status_code == 400
    assert names(answer) == []
    assert "There is a problem" in answer.content.decode()


@pytest.mark.parametrize("query", ["q=a", "q=*", "q=%25", "q='", "q=%D8%A7%D9%84", "page=nine", "page=-1", "page=999"])
def test_odd_words_and_pages_are_answered(query: str, client: Client, network: None) -> None:
    assert client.get(f"/en/network/?{query}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_directory_asks_four_questions(rows: int, client: Client, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        InstrumentFactory(organisation=OrganisationFactory(), slug=f"one-{number}")
    with django_assert_num_queries(4):  # countries, kinds, count, rows
        assert client.get("/en/network/").context["page_obj"].paginator.count == rows


# --- One organisation -------------------------------------------------------------------------------


@pytest.fixture
def full(laboratory: Organisation) -> Organisation:
    Organisation.objects.filter(pk=laboratory.pk).update(
        summary_en="Opens **one** diffractometer.", summary_fr="", ror="03yrm5c26"
    )
    instrument = InstrumentFactory(organisation=laboratory, name="Public diffractometer")
    InstrumentFactory(organisation=laboratory, name="Secret diffractometer", state="draft")
    TrainingFactory(instrument=instrument, title="Hands on crystals", state="published")
    TrainingFactory(instrument=instrument, title="Secret training", state="draft")
    EventFactory(title_en="Open days").organisations.add(laboratory)
    EventFactory(title_en="Secret days", state="draft", published_at=None).organisations.add(laboratory)
    EventFactory(title_en="Secret days that were called off", state="cancelled").organisations.add(laboratory)
    StoryFactory(title_en="From Lomé to Grenoble").organisations.add(laboratory)
    StoryFactory(title_en="Secret story", draft=True).organisations.add(laboratory)
    return laboratory


def test_the_page_shows_what_is_public_of_it(client: Client, full: Organisation, staff: User) -> None:
    for reader in (None, staff):
        if reader:
            client.force_login(reader)
        page = client.get(full.get_absolute_url()).content.decode()
        for shown in ("Public diffractometer", "Hands on crystals", "Open days", "From Lomé to Grenoble"):
            assert shown in page
        assert "Secret" not in page, "the page is the public one, to whomever"
        assert "Opens <strong>one</strong> diffractometer." in page


def test_another_language_says_that_it_is_another(client: Client, full: Organisation) -> None:
    page = client.get("/fr/organisations/alpine-crystallography/").content.decode()
    assert '<div class="prose" lang="en"' in page


def test_search_engines_read_who_it_is(client: Client, full: Organisation) -> None:
    Organisation.objects.filter(pk=full.pk).update(name="</script><b>Lab & Co")
    page = client.get(full.get_absolute_url()).content.decode()
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(text)
    assert (data["name"], data["address"]["addressCountry"], data["sameAs"]) == (
        "</script><b>Lab & Co",
        "FR",
        ["https://ror.org/03yrm5c26"],
    )


def test_deeds_of_staff_are_offered_to_staff_alone(
    client: Client, full: Organisation, operator: User, staff: User
) -> None:
    client.force_login(operator)
    page = client.get(full.get_absolute_url()).content.decode()
    assert "/members/" in page
    assert "/merge/" not in page
    client.force_login(staff)
    page = client.get(full.get_absolute_url()).content.decode()
    assert "/en/desk/organisations/alpine-crystallography/merge/" in page
    assert "/en/desk/organisations/alpine-crystallography/edit/" in page


def test_joining_is_asked_on_its_page(client: Client, full: Organisation, donor: User) -> None:
    client.force_login(donor)
    assert client.get(f"{full.get_absolute_url()}join/").status_code == 405
    answer = client.post(f"{full.get_absolute_url()}join/", {"role": "operator"})
    assert answer["Location"] == full.get_absolute_url()
    assert Membership.objects.get(user=donor).state == "requested"


def test_joining_one_that_was_merged_meanwhile_leads_to_the_kept_one(
    client: Client, full: Organisation, donor: User
) -> None:
    former = OrganisationFactory(state="merged", merged_into=full)
    client.force_login(donor)
    answer = client.post(f"/en/organisations/{former.slug}/join/", {"role": "operator"})
    assert (answer.status_code, answer["Location"]) == (302, full.get_absolute_url())
    assert client.post("/en/organisations/nowhere/join/", {"role": "operator"}).status_code == 404
    assert not Membership.objects.filter(user=donor).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_a_visitor_eight_questions_at_most(
    rows: int, client: Client, laboratory: Organisation, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        instrument = InstrumentFactory(organisation=laboratory, slug=f"one-{number}")
        TrainingFactory(instrument=instrument, state="published")
        EventFactory().organisations.add(laboratory)
        StoryFactory().organisations.add(laboratory)
    # The organisation, its focal point, instruments and their techniques, trainings, events, stories.
    with django_assert_num_queries(7):
        client.get(laboratory.get_absolute_url())
