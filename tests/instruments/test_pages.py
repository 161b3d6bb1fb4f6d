"""The public pages: the list with its filters, one instrument, both languages, who sees what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from instruments.actions.reference import write_techniques
from instruments.models import Closure, Instrument, Technique
from portal.accounts.models import Organisation
from tests.factories.accounts import OrganisationFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db
LIST = "/en/instruments/"
LIST_QUERIES = 5  # countries, techniques, count, instruments, their techniques


def names(response: Any) -> list[str]:
    return [row.slug for row in response.context["page"]]


@pytest.fixture
def sem(laboratory: Organisation) -> Instrument:
    write_techniques()
    return InstrumentFactory(
        slug="sem-1", name_en="Surface scope", name_fr="Microscope de surface", organisation=laboratory,
        techniques=[Technique.objects.get(slug="sem")],
    )  # fmt: skip


@pytest.fixture
def kenyan(sem: Instrument) -> Instrument:
    host = OrganisationFactory(name="Rift Laboratory", country="KE")
    return InstrumentFactory(
        slug="nmr-1", name_en="Magnet", place="Nairobi", time_zone="Africa/Nairobi", organisation=host,
        techniques=[Technique.objects.get(slug="nmr"), Technique.objects.get(slug="ir")],
    )  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries(
    number: int, client: Client, sem: Instrument, django_assert_num_queries: Any
) -> None:
    for _ in range(number - 1):
        InstrumentFactory(techniques=list(Technique.objects.filter(slug__in=["tem", "afm"])))
    with django_assert_num_queries(LIST_QUERIES):
        assert len(names(client.get(LIST))) == number


def test_filters_together_take_no_more(client: Client, kenyan: Instrument, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(LIST, {"q": "magnet", "technique": "spectroscopy", "country": "KE"})
    assert names(response) == ["nmr-1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["nmr-1", "sem-1"]),
        ({"technique": "microscopy"}, ["sem-1"]),
        ({"technique": "sem"}, ["sem-1"]),
        ({"technique": "spectroscopy"}, ["nmr-1"]),
        ({"technique": "diffraction"}, []),
        ({"country": "FR"}, ["sem-1"]),
        ({"country": "KE"}, ["nmr-1"]),
        ({"country": "IS"}, []),
        ({"q": "surface"}, ["sem-1"]),
        ({"q": "nairobi"}, ["nmr-1"]),
        ({"q": "surface", "country": "KE"}, []),
        ({"page": "99"}, ["nmr-1", "sem-1"]),
        ({"page": "nonsense"}, ["nmr-1", "sem-1"]),
    ],
)
def test_filters(query: dict[str, str], found: list[str], client: Client, kenyan: Instrument) -> None:
    response = client.get(LIST, query)
    assert response.status_code == 200
    assert names(response) == found


@pytest.mark.parametrize("query", [{"technique": "no-such"}, {"country": "XX"}, {"q": "x" * 500}, {"q": "\x00"}])
def test_filters_that_make_no_sense_are_said(client: Client, kenyan: Instrument, query: dict[str, str]) -> None:
    response = client.get(LIST, query)
    assert (response.status_code, names(response)) == (400, [])
    assert "There is a problem" in response.content.decode()


def test_a_card_says_what_matters(client: Client, kenyan: Instrument) -> None:
    page = client.get(LIST).content.decode()
    for text in ("Magnet", "Rift Laboratory", "Nairobi", "Kenya", "Remote control", "Infrared spectroscopy"):
        assert text in page
    assert 'class="art"' in page


def test_french_page_and_french_words(client: Client, kenyan: Instrument) -> None:
    response = client.get("/fr/instruments/", {"q": "microscope"})
    assert names(response) == ["sem-1"]
    assert "Microscope de surface" in response.content.decode()


def test_text_in_another_language_is_marked(client: Client, sem: Instrument) -> None:
    Instrument.objects.update(name_fr="", description_en="Only **English**.", description_fr="")
    page = client.get("/fr/instruments/sem-1/").content.decode()
    assert '<span lang="en" dir="ltr">Surface scope</span>' in page
    assert '<div class="prose" lang="en" dir="ltr"><p>Only <strong>English</strong>.</p>' in page
    assert 'lang="en" dir="ltr">Surface' not in client.get("/en/instruments/sem-1/").content.decode()


def test_nothing_listed_is_said(client: Client, db: None) -> None:
    assert "No instrument is listed yet" in client.get(LIST).content.decode()
    assert "No instrument fits" in client.get(LIST, {"q": "magnet"}).content.decode()


def test_the_list_is_paged(client: Client, laboratory: Organisation) -> None:
    for _ in range(13):
        InstrumentFactory(organisation=laboratory)
    assert len(names(client.get(LIST))) == 12
    assert len(names(client.get(LIST, {"page": 2}))) == 1


SEEN_BY = {
    "draft": {"staff", "admin_user", "operator"},
    "proposed": {"staff", "admin_user", "operator"},
    "returned": {"staff", "admin_user", "operator"},
    "refused": {"staff", "admin_user", "operator"},
    "retired": {"staff", "admin_user", "operator"},
}
EVERYBODY = ["visitor", "researcher", "focal_point", "operator", "reviewer", "donor", "staff", "stranger_operator"]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("state", ["draft", "proposed", "returned", "listed", "refused", "suspended", "retired"])
def test_who_sees_it(
    state: str, who: str, client: Client, instrument: Instrument, request: pytest.FixtureRequest
) -> None:
    Instrument.objects.update(state=state)
    person = request.getfixturevalue(who)
    if person.is_authenticated:
        client.force_login(person)
    expected = 200 if who in SEEN_BY.get(state, set(EVERYBODY)) else 404
    assert client.get(instrument.get_absolute_url()).status_code == expected
    is_public = state in ("listed", "suspended")
    assert names(client.get(LIST)) == ([instrument.slug] if is_public else [])


def test_the_page_of_an_instrument(client: Client, sem: Instrument, django_assert_max_num_queries: Any) -> None:
    Instrument.objects.update(
        description_en="# Inside\n\n<script>alert(1)</script>\n\n- Fast", sample_requirements_en="Dry.",
        specifications_en="Resolution: 1.2 nm\nField emission gun", maker="Zephyr", pidinst="21.T11148/abc",
    )  # fmt: skip
    start = timezone.now() + timedelta(days=2)
    Closure.objects.create(instrument=sem, period=(start, start + timedelta(hours=3)), reason="Service visit")
    with django_assert_max_num_queries(7):
        page = client.get(sem.get_absolute_url()).content.decode()
    for text in (
        "<h2>Inside</h2>", "<li>Fast</li>", "Dry.", "<dt>Resolution</dt><dd>1.2 nm</dd>", "Zephyr", "21.T11148/abc",
        "Service visit", "Alpine Crystallography Laboratory", "Grenoble", "France", "09:00–17:00",
        "A booking lasts from 1 hour to 8 hours.", "A booking is confirmed at once.", "technique=sem",
    ):  # fmt: skip
        assert text in page
    assert "<script>alert" not in page


def test_a_suspended_one_says_why_and_offers_no_booking(client: Client, sem: Instrument) -> None:
    Instrument.objects.update(state="suspended", state_note="The tube is at its end.")
    page = client.get(sem.get_absolute_url()).content.decode()
    assert "Suspended for now" in page
    assert "The tube is at its end." in page
    assert "Book time" not in page
    assert "suspended" in client.get(LIST).content.decode()


def test_the_laboratorys_link_is_nobodys_here(client: Client, sem: Instrument, staff: Any) -> None:
    client.force_login(staff)
    assert sem.link not in client.get(sem.get_absolute_url()).content.decode()


def test_unknown_is_404(client: Client, db: None) -> None:
    assert client.get("/en/instruments/none/").status_code == 404


def test_the_readers_own_zone_is_named(client: Client, sem: Instrument, researcher: Any) -> None:
    client.force_login(researcher)
    page = client.get(sem.get_absolute_url()).content.decode()
    assert "Nairobi" in page
    assert "ahead now" in page


def test_addresses_resolve_in_both_languages(sem: Instrument) -> None:
    for language in ("en", "fr"):
        with translation.override(language):
            assert reverse("instruments:detail", args=[sem.slug]) == f"/{language}/instruments/sem-1/"


def test_a_closure_of_the_past_is_not_shown(client: Client, sem: Instrument) -> None:
    Closure.objects.create(
        instrument=sem, period=(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC)), reason="Old visit"
    )
    assert "Old visit" not in client.get(sem.get_absolute_url()).content.decode()
