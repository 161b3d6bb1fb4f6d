"""The figures that `sample_data` leaves: they equal a recount row by row, and a visitor can read them."""

import pytest
from django.test import Client

from portal.pages.impact.counting import EVERYTHING
from portal.pages.models import Figures
from tests.support.recount import recount, unlike

pytestmark = pytest.mark.usefixtures("programme")


def test_every_kept_day_equals_a_plain_recount() -> None:
    rows = list(Figures.objects.order_by("-until"))
    assert len(rows) == 4
    for row in rows:
        assert unlike(row.figures, recount(row.until)) == [], row.until


def test_there_is_something_of_everything() -> None:
    figures = Figures.objects.latest("until").figures
    asked = ("minutes", "sessions", "countries", "structures", "publications", "theses", "gifts", "gifts_in_use")
    assert not [name for name in asked if not figures["cells"][EVERYTHING].get(name)]
    assert figures["people"]["researchers"]
    assert figures["people"]["trained"]


def test_visitors_read_them_with_the_baseline_apart(client: Client) -> None:
    text = client.get("/en/impact/").content.decode()
    assert "Before this portal" in text
    assert "Bootcamp in Cairo" in text
    assert "<dd>71</dd>" not in text
    assert b"Hours delivered" in client.get("/en/").content
