"""In whose time zone a page is, and how people choose one."""

import zoneinfo
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django_countries import countries

from portal.accounts import actions, zones
from portal.accounts.middleware import reader_zone
from portal.accounts.models import User
from portal.audit.actions import history_of
from portal.core.errors import Forbidden

MARCH = datetime(2027, 3, 22, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("KE", "Africa/Nairobi"),
        ("CD", "Africa/Kinshasa"),
        ("MU", "Indian/Mauritius"),
        ("FR", "Europe/Paris"),
        ("BR", "America/Sao_Paulo"),
        ("AU", "Australia/Sydney"),
        ("XK", "UTC"),
        ("", "UTC"),
    ],
)
def test_each_country_has_its_usual_zone(country: str, zone: str) -> None:
    assert zones.zone_of_country(country) == zone


def test_every_countrys_zone_exists() -> None:
    assert {zones.zone_of_country(code) for code, _name in countries} <= zones.known_zones()


def test_every_african_state_has_a_zone_in_the_first_group() -> None:
    states = "DZ AO BJ BW BF BI CV CM CF TD KM CD CG CI DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR LY MG MW ML MR MU MA"
    states += " MZ NA NE NG RW ST SN SC SL SO ZA SS SD TZ TG TN UG ZM ZW"
    table = zones.countries_of_zones()
    assert set(states.split()) <= {table[zone] for zone in zones.african_zones()}
    assert "Africa/Ceuta" not in zones.african_zones()


def test_labels_say_city_offset_and_clock_of_that_day() -> None:
    assert zones.label_of("Africa/Nairobi", MARCH) == "Nairobi (UTC+3, now 14:05)"
    assert zones.label_of("Europe/Paris", MARCH) == "Paris (UTC+1, now 12:05)"
    assert zones.label_of("Europe/Paris", datetime(2027, 3, 29, 11, 5, tzinfo=UTC)) == "Paris (UTC+2, now 13:05)"


def test_choices_run_from_west_to_east_and_once_each() -> None:
    names = ["Asia/Tokyo", "Africa/Accra", "America/Bogota", "Africa/Abidjan", "Africa/Accra"]
    assert [choice.name for choice in zones.choices_of(names, MARCH)] == [
        "America/Bogota",
        "Africa/Abidjan",
        "Africa/Accra",
        "Asia/Tokyo",
    ]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("kenya", "Africa/Nairobi"),
        ("sao t", "Africa/Sao_Tome"),
        ("Dar es", "Africa/Dar_es_Salaam"),
        ("PARIS", "Europe/Paris"),
    ],
)
def test_zones_are_found_by_town_and_country(text: str, zone: str) -> None:
    assert zone in zones.find_zones(text)


def test_nothing_typed_finds_nothing() -> None:
    assert zones.find_zones("  ") == []


# --- Whose zone ----------------------------------------------------------------------------------------


def zone_for(user: object, cookie: str = "") -> zoneinfo.ZoneInfo:
    request = RequestFactory().get("/")
    request.user = user
    if cookie:
        request.COOKIES["time_zone"] = cookie
    return reader_zone(request)


@pytest.mark.django_db
def test_the_profile_comes_first_then_the_cookie_then_utc(researcher: User, visitor: object) -> None:
    assert zone_for(researcher, "Asia/Tokyo").key == "Africa/Nairobi"
    assert zone_for(visitor, "Asia/Tokyo").key == "Asia/Tokyo"
    assert zone_for(visitor).key == "UTC"


@pytest.mark.parametrize("cookie", ["../../etc/passwd", "Africa/Atlantis", "\x00", "x" * 4000])
def test_a_cookie_of_nonsense_gives_utc(cookie: str, visitor: object) -> None:
    assert zone_for(visitor, cookie).key == "UTC"


@pytest.mark.django_db
def test_a_choice_is_kept_and_recorded(researcher: User) -> None:
    actions.set_time_zone(researcher, "Africa/Casablanca", by=researcher)
    researcher.refresh_from_db()
    assert researcher.time_zone == "Africa/Casablanca"
    entry = history_of(researcher).get()
    assert (entry.verb, entry.before, entry.after) == ("set_time_zone", "Africa/Nairobi", "Africa/Casablanca")


@pytest.mark.django_db
def test_nobody_sets_anothers_zone(researcher: User, focal_point: User) -> None:
    with pytest.raises(Forbidden):
        actions.set_time_zone(researcher, "Africa/Casablanca", by=focal_point)
    with pytest.raises(ValidationError):
        actions.set_time_zone(researcher, "Africa/Atlantis", by=researcher)


# --- The page ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visitors_choice_goes_into_a_cookie(client: Client) -> None:
    answer = client.post("/en/me/time-zone/", {"time_zone": "Africa/Accra", "next": "/en/calls/"})
    assert (answer.status_code, answer["Location"]) == (302, "/en/calls/")
    assert client.cookies["time_zone"].value == "Africa/Accra"


@pytest.mark.django_db
def test_a_persons_choice_goes_into_the_profile(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    client.post("/en/me/time-zone/", {"time_zone": "Asia/Calcutta"})
    researcher.refresh_from_db()
    assert researcher.time_zone == "Asia/Calcutta", "old names that devices report are taken"


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_the_way_back_stays_on_the_site(url: str, client: Client) -> None:
    answer = client.post("/en/me/time-zone/", {"time_zone": "Africa/Accra", "next": url})
    assert answer["Location"] == "/en/me/time-zone/"


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["", "Africa/Atlantis", "../../etc/passwd"])
def test_an_unknown_zone_is_refused_and_nothing_kept(zone: str, client: Client, researcher: User) -> None:
    client.force_login(researcher)
    answer = client.post("/en/me/time-zone/", {"time_zone": zone})
    assert answer.status_code == 422
    assert "Choose a time zone from the list." in answer.content.decode()
    assert "time_zone" not in client.cookies
    researcher.refresh_from_db()
    assert researcher.time_zone == "Africa/Nairobi"


@pytest.mark.django_db
def test_looking_changes_nothing_and_the_page_is_light(client: Client, laboratory: object) -> None:
    with time_machine.travel(MARCH, tick=False):
        page = client.get("/en/me/time-zone/?time_zone=Africa/Accra&q=tokyo").content.decode()
    assert "time_zone" not in client.cookies
    assert page.index("Tokyo (UTC+9, now 20:05)") < page.index("Nairobi (UTC+3, now 14:05)")
    assert "Paris (UTC+1, now 12:05)" in page, "where laboratories are"
    assert "Bogota" not in page
    assert "Bogota" in client.get("/en/me/time-zone/?all=1").content.decode()
