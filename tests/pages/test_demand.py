"""Demand against supply, by technique and country, and where the next instrument should be sought."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calls.enums import ApplicationState, AwardState, Standing
from instruments.models import Technique
from portal.pages.demand.counting import Demand, count
from portal.pages.demand.ranking import Sought, pairs, sought
from tests.factories.accounts import OrganisationFactory
from tests.factories.agreements import AgreementFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db

WESTERN_AFRICA = frozenset({"BJ", "TG", "SN"})


def demand(**asked: Any) -> Demand:
    now = timezone.now()
    return count(asked.pop("since", now - timedelta(days=365)), asked.pop("until", now), now, **asked)


def branch_and_leaf() -> tuple[Technique, Technique]:
    branch = TechniqueFactory(slug="microscopy", name_en="Microscopy", path="microscopy")
    leaf = TechniqueFactory(slug="sem", name_en="SEM", path="microscopy/sem", parent=branch)
    return branch, leaf


def row_of(technique: Technique, counted: Demand, here: frozenset[str] | None = None) -> Sought:
    return next(row for row in sought(counted, here) if row.technique == technique)


def test_wishes_count_people_where_they_named_a_technique() -> None:
    branch, leaf = branch_and_leaf()
    for address in ("one@example.org", "ONE@example.org", "two@example.org"):
        InterestFactory(address=address, country="BJ", techniques=[leaf])
    InterestFactory(address="one@example.org", country="TG", techniques=[branch, leaf])
    for unheard in ({"unconfirmed": True}, {"ended": True}, {"standing": Standing.DONOR}, {"call": CallFactory()}):
        InterestFactory(country="BJ", techniques=[leaf], **unheard)
    InterestFactory(country="BJ", techniques=[leaf], standing=Standing.CONTRIBUTOR)
    counted = demand()
    found = {(row.technique.slug, row.country): row.cell.people for row in pairs(counted)}
    assert found == {("sem", "BJ"): 2, ("sem", "TG"): 1, ("microscopy", "TG"): 1}
    assert row_of(leaf, counted).contributors == 1
    assert (row_of(leaf, counted).homes, row_of(leaf, counted).countries) == (2, 2)
    ApplicationFactory(screening=True, call=CallFactory(techniques=[leaf]), country="SN")
    row = row_of(leaf, demand())
    assert (row.homes, row.countries) == (2, 3)
    assert row.reasons()[0] == "3 people in 2 countries wish to hear of it."


def test_hours_asked_for_and_granted_count_in_their_time() -> None:
    _branch, leaf = branch_and_leaf()
    bench = InstrumentFactory(techniques=[leaf])
    call = CallFactory(techniques=[leaf], minutes_offered=0)
    ApplicationFactory(screening=True, call=call, instrument=bench, country="BJ", minutes_requested=600)
    ApplicationFactory(screening=True, call=call, country="BJ", minutes_requested=300)
    ApplicationFactory(call=call, country="BJ", minutes_requested=9000)  # a draft
    withdrawn = {"state": ApplicationState.WITHDRAWN, "minutes_requested": 9000}
    ApplicationFactory(screening=True, call=call, country="BJ", **withdrawn)
    old = timezone.now() - timedelta(days=400)
    ApplicationFactory(screening=True, call=call, country="BJ", submitted_at=old, minutes_requested=60)
    laboratory = OrganisationFactory(country="BJ")
    AwardFactory(instrument=bench, organisation=laboratory, granted_minutes=240)
    AwardFactory(instrument=bench, organisation=laboratory, state=AwardState.REFUSED, granted_minutes=9000)
    cell = demand().cells[leaf.pk, "BJ"]
    assert (cell.applications, cell.asked, cell.granted) == (2, 900, 240)
    before = demand(since=old - timedelta(days=1), until=old + timedelta(days=1)).cells[leaf.pk, "BJ"]
    assert (before.applications, before.asked, before.granted) == (1, 60, 0)


def test_open_calls_offer_to_their_countries_and_from_below() -> None:
    branch, leaf = branch_and_leaf()
    for technique, country in ((branch, "BJ"), (leaf, "KE")):
        InterestFactory(country=country, techniques=[technique])
    CallFactory(techniques=[leaf], minutes_offered=600, countries=["BJ"])
    CallFactory(instruments=[InstrumentFactory(techniques=[leaf])], minutes_offered=60)
    CallFactory(techniques=[leaf], minutes_offered=9000, closed=True)
    CallFactory(techniques=[leaf], minutes_offered=9000, kind="training")
    found = {(row.technique.slug, row.country): row.offered for row in pairs(demand())}
    assert found == {("microscopy", "BJ"): 660, ("sem", "KE"): 60}


def test_instruments_of_several_techniques_count_once_above_them() -> None:
    branch, leaf = branch_and_leaf()
    tem = TechniqueFactory(slug="tem", name_en="TEM", path="microscopy/tem", parent=branch)
    InterestFactory(country="BJ", techniques=[branch])
    InstrumentFactory(techniques=[leaf, tem], organisation=OrganisationFactory(country="KE"))
    InstrumentFactory(techniques=[leaf], state="proposed")
    InstrumentFactory(techniques=[leaf], state="retired")
    row = row_of(branch, demand(countries=WESTERN_AFRICA), WESTERN_AFRICA)
    assert (row.listed, row.nearby, row.proposed) == (1, 0, 1)


def test_what_is_shortest_of_hours_comes_first_then_what_most_wish_for() -> None:
    short, wished, served = (TechniqueFactory(slug=slug, name_en=slug) for slug in ("short", "wished", "served"))
    call = CallFactory(techniques=[short], minutes_offered=120)
    ApplicationFactory(screening=True, call=call, country="BJ", minutes_requested=600)
    for number in range(4):
        InterestFactory(country="BJ", techniques=[served, *([wished] if number < 3 else [])])
    InstrumentFactory(techniques=[served])
    ranked = sought(demand())
    assert [row.technique.slug for row in ranked] == ["short", "wished", "served"]
    assert ranked[0].short == 480
    assert ranked[0].reasons() == [
        "1 application asked for 10 h; 0 h were granted. 2 h are on offer in open calls.",
        "No laboratory opens one.",
    ]
    assert ranked[2].reasons("Western Africa")[0] == "4 people wish to hear of it."


def test_one_region_leaves_the_others_out() -> None:
    _branch, leaf = branch_and_leaf()
    for country in ("BJ", "KE", ""):
        InterestFactory(country=country, techniques=[leaf])
    assert {country for _technique, country in demand(countries=WESTERN_AFRICA).cells} == {"BJ"}


def test_the_page_tells_staff_in_words_and_tables(client: Client, staff: Any) -> None:
    _branch, leaf = branch_and_leaf()
    InterestFactory(country="BJ", techniques=[leaf])
    InterestFactory(techniques=[leaf], standing=Standing.CONTRIBUTOR)
    proposed = InstrumentFactory(name_en="Bench in waiting", state="proposed", techniques=[leaf])
    ending = AgreementFactory(agreed=True, ends_on=timezone.now().date() + timedelta(days=20))
    AgreementFactory(agreed=True, ends_on=timezone.now().date() + timedelta(days=200))
    client.force_login(staff)
    text = client.get("/en/desk/demand/").content.decode()
    assert "1 person wishes to hear of it." in text
    assert "SEM: 1 contributor" in text
    assert "Benin" in text
    assert f"/en/desk/instruments/{proposed.slug}/" in text
    assert text.count("/en/agreements/") >= 1
    assert ending.get_absolute_url() in text
    assert "1 person" not in client.get("/en/desk/demand/?region=014").content.decode()


def test_nobody_else_is_told(client: Client, researcher: Any) -> None:
    assert client.get("/en/desk/demand/").status_code == 302
    client.force_login(researcher)
    assert client.get("/en/desk/demand/").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_twelve_statements(
    client: Client, staff: Any, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        technique = TechniqueFactory(slug=f"t{index}")
        InterestFactory(country="BJ", techniques=[technique])
        ApplicationFactory(screening=True, call=CallFactory(techniques=[technique]))
        AwardFactory(instrument=InstrumentFactory(techniques=[technique]))
        InstrumentFactory(techniques=[technique], state="proposed")
        AgreementFactory(agreed=True, ends_on=timezone.now().date() + timedelta(days=20))
    client.force_login(staff)
    with django_assert_num_queries(12):
        client.get("/en/desk/demand/")


@pytest.mark.parametrize("asked", ["year=1066", "year=x", "region=999", "year=%00", "region=" + "9" * 5000])
def test_filters_that_make_no_sense_are_answered_400(client: Client, staff: Any, asked: str) -> None:
    client.force_login(staff)
    response = client.get(f"/en/desk/demand/?{asked}")
    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()


def test_tables_are_handed_out(client: Client, staff: Any) -> None:
    technique = TechniqueFactory(slug="sem", name_en="=SEM")
    ApplicationFactory(
        screening=True,
        call=CallFactory(techniques=[technique], minutes_offered=90),
        country="BJ",
        minutes_requested=600,
        submitted_at=datetime(2025, 5, 5, tzinfo=UTC),
    )
    client.force_login(staff)

    def table(asked: str) -> list[list[str]]:
        body = b"".join(client.get(f"/en/desk/demand/?{asked}")).decode("utf-8-sig")  # type: ignore[arg-type]
        return list(csv.reader(io.StringIO(body)))

    assert table("format=csv&year=2025")[1:] == [["'=SEM", "Benin", "0", "1", "10.0", "0.0", "1.5"]]
    [row] = table("format=csv&year=2025&table=techniques")[1:]
    assert row[:7] == ["'=SEM", "0", "1", "1", "10.0", "0.0", "1.5"]
    book = client.get("/en/desk/demand/?format=xlsx")
    assert b"".join(book).startswith(b"PK")  # type: ignore[arg-type]
    book.close()


def test_there_is_nothing_to_tell_yet(client: Client, staff: Any) -> None:
    client.force_login(staff)
    assert "Nobody has asked for anything yet." in client.get("/en/desk/demand/").content.decode()
