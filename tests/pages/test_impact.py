"""The page of the figures, its files and its answers for programs."""

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_countries import countries

from bookings.enums import BookingState
from instruments.models import Technique
from portal.pages.impact.counting import EVERYTHING, key_of
from portal.pages.impact.keeping import keep
from portal.pages.impact.regions import REGION_OF, TILE_COLUMNS, TILE_ROWS, TILES
from portal.pages.models import Figures
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.stories import EventFactory

UNTIL = date(2026, 6, 30)
PAGE = "/en/impact/"


@pytest.fixture
def counted(db: None) -> Figures:
    """Seven people of Kenya in 2025, two of Senegal in 2026, two hours each, on one technique and another."""
    for country, people, year, slug in (("KE", 7, 2025, "sem"), ("SN", 2, 2026, "nmr")):
        instrument = InstrumentFactory()
        instrument.techniques.set([TechniqueFactory(slug=slug, path=slug, name_en=slug.upper())])
        organisation = OrganisationFactory(country=country)
        for number in range(people):
            holder = UserFactory(gender="woman", career_stage="doctoral")
            award = AwardFactory(organisation=organisation, holder=holder, instrument=instrument)
            start = datetime(year, 5, 4, 2 * number, tzinfo=UTC)
            BookingFactory(award=award, start=start, state=BookingState.COMPLETED)
    keep(date(2025, 12, 31))
    keep(UNTIL)
    return Figures.objects.get(until=UNTIL)


def text_of(client: Client, **asked: str) -> str:
    response = client.get(PAGE, asked)
    assert response.status_code == 200
    return response.content.decode()


def table(client: Client, name: str, **asked: str) -> dict[str, dict[str, str]]:
    """A file of the page: code -> heading -> cell."""
    response = client.get(f"{PAGE}{name}.csv", asked)
    assert response.status_code == 200
    words = b"".join(response.streaming_content).decode("utf-8-sig")
    return {row["Code"]: row for row in csv.DictReader(io.StringIO(words))}


# --- The page ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_before_anything_is_counted_the_page_says_so_and_shows_the_baseline(client: Client) -> None:
    text = text_of(client)
    assert "No figures yet" in text
    assert "Before this portal" in text
    assert "<dd>8</dd>" in text
    assert client.get(f"{PAGE}countries.csv").status_code == 404


def test_it_says_of_which_minute_and_shows_the_numbers(client: Client, counted: Figures) -> None:
    text = text_of(client)
    assert re.search(r"Counted up to:.*1 July 2026.*00:00", text, re.S)
    assert "<dt>Hours delivered</dt><dd>18</dd>" in text
    assert "<dt>Researchers</dt><dd>9</dd>" in text
    assert "<title>Kenya: 14 hours</title>" in text
    assert text.count('<g class="q0"><title>') == 52


def test_the_page_takes_three_statements(client: Client, counted: Figures, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        text_of(client)
    EventFactory.create_batch(3, over=True, state="closed", people=30, source="Slides")
    with django_assert_num_queries(3):
        text_of(client, year="2025")


def test_a_kept_day_can_be_asked_for_again(client: Client, counted: Figures) -> None:
    assert "<dt>Hours delivered</dt><dd>14</dd>" in text_of(client, until="2025-12-31")
    assert table(client, "totals", until="2025-12-31")["hours"]["Number"] == "14"


def test_filters_narrow_every_part(client: Client, counted: Figures) -> None:
    assert "<dt>Hours delivered</dt><dd>4</dd>" in text_of(client, region="011")
    assert "<dt>Hours delivered</dt><dd>14</dd>" in text_of(client, technique="sem", year="2025")
    assert "Nothing was counted here" in text_of(client, technique="sem", year="2026")
    assert set(table(client, "countries", region="011")) == {"SN"}
    assert set(table(client, "countries", year="2025")) == {"KE"}
    assert table(client, "years", technique="nmr")["2026"]["Hours delivered"] == "4"


@pytest.mark.parametrize(
    "asked",
    [
        {"year": "1066"},
        {"year": "x' OR 1=1"},
        {"region": "999"},
        {"technique": "astrology"},
        {"until": "2026-06-29"},
        {"until": "yesterday"},
        {"until": "\x00"},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_with_words(
    client: Client, counted: Figures, asked: dict[str, str]
) -> None:
    for address in (PAGE, f"{PAGE}years.csv"):
        response = client.get(address, asked)
        assert response.status_code == 400
        assert "There is a problem" in response.content.decode()
    assert client.get("/api/v1/impact/", asked).status_code == 400


def test_people_are_counted_by_one_filter_at_a_time(client: Client, counted: Figures) -> None:
    assert "Doctoral researcher" not in text_of(client, year="2025"), "where nothing may be told, nothing is listed"
    counted.figures["people"]["researchers"][key_of(2025)] = {"all": 7, "stage:doctoral": 7}
    counted.save()
    assert "Doctoral researcher" in text_of(client, year="2025")
    both = text_of(client, year="2025", technique="sem")
    assert "Doctoral researcher" not in both
    assert "<dt>Researchers</dt>" not in both
    assert "People are counted by one filter at a time" in both
    told = client.get("/api/v1/impact/", {"year": "2025", "technique": "sem"}).json()
    assert ("researchers" in told["totals"], "hours" in told["totals"]) == (False, True)
    assert "Researchers" not in next(iter(table(client, "years", region="014").values()))


def test_two_people_are_shown_nowhere_as_two(client: Client, counted: Figures) -> None:
    assert "fewer than 5" in text_of(client, region="011")
    for name, code in (("countries", "SN"), ("regions", "011"), ("years", "2026"), ("techniques", "nmr")):
        rows = table(client, name)
        assert rows[code]["Researchers"] == "fewer than 5"
        others = [row["Researchers"] for row in rows.values() if row["Code"] != code]
        assert others == ["not shown"]


def test_events_of_other_sources_stand_apart(client: Client, counted: Figures) -> None:
    EventFactory(title_en="Bootcamp of old", state="closed", people=71, women=37, source="Slides of 2024", over=True)
    EventFactory(title_en="Small one", state="closed", people=9, women=8, source="Slides of 2024", over=True)
    EventFactory(title_en="Own count", state="closed", people=50, women=20, source="", over=True)
    text = text_of(client)
    part = text[text.index("Before this portal") :]
    assert re.search(r"Bootcamp of old.*?71.*?37.*?Slides of 2024", part, re.S)
    assert re.search(r"Small one.*?9.*?not known", part, re.S)
    assert "Own count" not in text
    assert "<dd>71</dd>" not in text


def test_large_numbers_are_grouped_as_the_language_does(client: Client, counted: Figures) -> None:
    counted.figures["cells"][EVERYTHING]["minutes"] = 1_234_567 * 60
    counted.save()
    assert "<dd>1,234,567</dd>" in text_of(client)
    assert table(client, "totals")["hours"]["Number"] == "1234567"


def test_a_part_of_a_technique_stands_under_it_in_the_table_and_not_behind_a_dash(
    client: Client, counted: Figures
) -> None:
    TechniqueFactory(slug="microscopy", path="microscopy", name_en="Microscopy")
    Technique.objects.filter(slug="sem").update(path="microscopy/sem")
    text = text_of(client)
    assert '<th scope="row" class="figures-part">SEM</th>' in text
    assert '<th scope="row">NMR</th>' in text
    assert [line["Technique"] for line in table(client, "techniques").values()] == ["SEM", "NMR"]


def test_every_link_within_the_page_leads_to_a_heading_of_it(client: Client, counted: Figures) -> None:
    text = text_of(client)
    links = re.findall('<li><a href="#([^"]+)">', text)
    assert {"places", "years", "techniques", "people", "before", "counting"} <= set(links)
    assert all(f'<h2 id="{link}">' in text for link in links)


# --- Files and programs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["totals", "years", "regions", "countries", "techniques", "people"])
def test_every_table_is_a_file(client: Client, counted: Figures, name: str) -> None:
    response = client.get(f"{PAGE}{name}.csv")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f"impact-{name}-2026-06-30" in response["Content-Disposition"]
    assert table(client, name)


def test_no_other_table_is(client: Client, counted: Figures) -> None:
    assert client.get(f"{PAGE}salaries.csv").status_code == 404


def test_programs_read_the_same(client: Client, counted: Figures) -> None:
    response = client.get("/api/v1/impact/")
    told = response.json()
    assert told["until"] == "2026-06-30"
    assert told["counted_at"] == "2026-07-01T00:00:00Z"
    assert told["kept"] == ["2026-06-30", "2025-12-31"]
    assert (told["totals"]["hours"], told["totals"]["countries"]) == (18, 2)
    assert [line["code"] for line in told["countries"]] == ["KE", "SN"]
    assert (told["countries"][1]["figures"]["researchers"], told["countries"][1]["figures"]["hours"]) == ("few", 4)
    again = client.get("/api/v1/impact/", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_programs_hear_404_before_anything_is_counted(client: Client) -> None:
    assert client.get("/api/v1/impact/").status_code == 404


# --- The map ----------------------------------------------------------------------------------------------


def test_fifty_four_states_have_a_square_each() -> None:
    assert len(TILES) == 54
    assert len(set(TILES.values())) == 54
    assert all(column < TILE_COLUMNS and row < TILE_ROWS for column, row in TILES.values())
    assert {REGION_OF[code] for code in TILES} == {"011", "014", "015", "017", "018"}


def test_every_country_of_the_forms_has_a_region() -> None:
    assert {code for code, _name in countries} <= set(REGION_OF)


# --- Against the sample programme -------------------------------------------------------------------------


# What anybody who may read the database would ask of completed bookings and their sessions, by {group}.
RECOUNT = """
SELECT {group} AS code,
    floor(sum(extract(epoch FROM coalesce(session.closed_at, upper(booking.period))
        - coalesce(session.opened_at, lower(booking.period)))) / 3600)::int,
    count(*) FILTER (WHERE session.state = 'ended'),
    count(*),
    count(DISTINCT organisation.country)
FROM bookings_booking booking
JOIN accounts_organisation organisation ON organisation.id = booking.organisation_id
LEFT JOIN bookings_session session ON session.booking_id = booking.id
WHERE booking.state = 'completed' {only}
GROUP BY 1
"""
RECOUNTED = ("Hours delivered", "Sessions held", "Bookings completed", "Countries reached")


def recounted(group: str, only: str = "") -> dict[str, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT.format(group=group, only=only))
        return {str(code): tuple(numbers) for code, *numbers in cursor.fetchall()}


@pytest.mark.django_db
def test_the_page_equals_a_recount_in_plain_sql_on_bulk_data(client: Client) -> None:
    call_command("bulk_data", bookings=1500, force=True, verbosity=0)
    call_command("count_figures", verbosity=0)
    everything = recounted("'*'")["*"]
    shown = {row["What is counted"]: row["Number"] for row in table(client, "totals").values()}
    assert tuple(int(shown[name]) for name in RECOUNTED) == everything
    assert f"<dd>{everything[0]:,}</dd>" in text_of(client)

    year = "extract(year FROM (upper(booking.period) - interval '1 microsecond') AT TIME ZONE 'UTC')::int"
    for name, group, columns in (("years", year, RECOUNTED), ("countries", "organisation.country", RECOUNTED[:3])):
        lines = {code: tuple(int(row[each]) for each in columns) for code, row in table(client, name).items()}
        assert lines == {code: numbers[: len(columns)] for code, numbers in recounted(group).items()}
    last = max(recounted(year))
    narrowed = {row["What is counted"]: row["Number"] for row in table(client, "totals", year=last).values()}
    assert tuple(int(narrowed[name]) for name in RECOUNTED) == recounted("'*'", f"AND {year} = {last}")["*"]
