"""A visitor reads what the programme came to: on a desk and on a phone, by day and by night, with a filter."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.stops import STOPS
from tests.journeys.test_looks import look_at

DRESSES = [("en", "light", 1280), ("en", "dark", 320), ("fr", "dark", 1280), ("fr", "light", 320)]


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: "-".join(map(str, dress)))
def test_the_figures_can_be_read_by_everybody(window, world, dress):
    language, theme, width = dress
    visit = window(None, theme=theme, width=width)
    faults = []
    for stop in STOPS:
        if stop.name.startswith("impact"):
            faults += look_at(visit, f"/{language}{stop.path.format(**world)}", stop.status)
    assert faults == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_visitor_narrows_the_figures_and_takes_a_table_home(window, world, script):
    visit = window(None, script=script)
    visit.open("/en/impact/")
    page = visit.page
    expect(page.get_by_text("Counted up to:")).to_be_visible()
    expect(page.get_by_role("img", name="Hours delivered to the states of Africa")).to_be_visible()
    page.get_by_label("Year").select_option(world["counted_year"])
    visit.press("Show")
    assert f"year={world['counted_year']}" in page.url
    with page.expect_download() as started:
        page.get_by_role("link", name="These figures as CSV").click()
    rows = list(csv.reader(Path(started.value.path()).read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["Code", "What is counted", "Number"]
    assert [row for row in rows if row[0] == "bookings" and int(row[2]) > 0]
