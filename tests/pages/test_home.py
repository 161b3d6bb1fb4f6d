"""The home page: doors, calls, events, a story, figures."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.pages.models import Figures
from portal.stories.enums import PictureFormat
from portal.stories.models import Picture, Story, Variant
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.stories import EventFactory, PictureFactory, StoryFactory

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def counted(**everything: int) -> Figures:
    """Figures of yesterday's programme as a whole."""
    return Figures.objects.create(
        until=date(2026, 11, 1), figures={"cells": {"*/*/*": everything}}, computed_at=timezone.now(), seconds=1
    )


def drawn_picture(story: Story) -> Picture:
    """A picture of a story as it is once a worker has drawn it."""
    picture = PictureFactory(story=story, state="ready")
    for kind in PictureFormat:
        for width in (360, 720, 1080):
            Variant.objects.create(
                picture=picture, format=kind, width=width, height=width * 2 // 3, size=25 * width, digest="a1" * 8
            )
    return picture


@pytest.mark.parametrize("number", [1, 4])
def test_home_takes_seven_statements(client: Client, django_assert_num_queries: Any, number: int) -> None:
    for index in range(number):
        CallFactory()
        EventFactory()
        drawn_picture(StoryFactory())
        TechniqueFactory(slug=f"t{index}")
    counted()
    with django_assert_num_queries(7):
        page(client, "/en/")


def test_home_shows_what_is_open_and_to_come_and_nothing_else(client: Client) -> None:
    shown = [CallFactory(title_en="Open call"), CallFactory(title_en="Coming call", upcoming=True)]
    shown += [EventFactory(title_en="Coming days"), StoryFactory(title_en="Told and shown", is_featured=True)]
    hidden = [CallFactory(title_en="Closed call", closed=True), CallFactory(title_en="Draft call", draft=True)]
    hidden += [EventFactory(title_en="Days of old", over=True), EventFactory(title_en="Draft days", state="draft")]
    hidden += [StoryFactory(title_en="A newer story"), StoryFactory(title_en="Draft story", draft=True)]
    text = page(client, "/en/")
    assert all(row.title_en in text for row in shown)
    assert not any(row.title_en in text for row in hidden)


def test_the_day_beside_a_call_is_the_one_that_comes_next_and_says_which(client: Client) -> None:
    rows = [CallFactory(), CallFactory(upcoming=True)]
    days = re.findall('<p class="call-date">(Opens|Closes) <time datetime="([^"]+)"', page(client, "/en/"))
    said = {(word, date.fromisoformat(day[:10])) for word, day in days}
    assert said == {("Closes", rows[0].closes_at.date()), ("Opens", rows[1].opens_at.date())}


def test_home_opens_three_doors_and_leads_to_all_parts(client: Client) -> None:
    CallFactory()
    EventFactory()
    StoryFactory()
    main = page(client, "/en/").split("<main")[1].split("</main>")[0]
    doors = main.split('<ul class="doors">')[1].split("</ul>")[0]
    assert re.findall('class="card-link" href="([^"]+)"', doors) == [
        "/en/calls/",
        "/en/instruments/propose/",
        "/en/donations/",
    ]
    for room in ("stories", "events", "network", "instruments", "interest", "about/for-donors"):
        assert f'href="/en/{room}/"' in main


def test_the_story_at_home_has_its_picture_or_a_link_to_it(client: Client) -> None:
    story = StoryFactory()
    PictureFactory(story=story, alt_en="Not drawn yet")
    drawn_picture(story)
    assert 'alt="A crystal on a pin"' in page(client, "/en/")
    assert "Not drawn yet" not in page(client, "/en/")
    saving = client.get("/en/", headers={"Save-Data": "on"}).content.decode()
    assert "<picture>" not in saving
    assert "Show the picture" in saving


def test_a_dense_screen_loads_no_larger_picture_at_home(client: Client) -> None:
    drawn_picture(StoryFactory())
    sets = re.findall('srcset="([^"]+)"', page(client, "/en/"))
    assert len(sets) == 3, "AVIF, WebP and JPEG"
    assert {re.sub(r".* ", "", each) for one in sets for each in one.split(", ")} == {"360w"}


def test_figures_at_home_stand_apart_from_the_baseline(client: Client) -> None:
    assert "Counted by this portal" not in page(client, "/en/")
    counted(minutes=74_040, countries=5)
    text = page(client, "/en/")
    ours, before = text.split("Before this portal")
    assert re.findall("<dd>([^<]+)</dd>", ours) == ["1,234", "5"]
    assert re.findall("<dd>([^<]+)</dd>", before) == ["8", "3"]
    assert "April 2024" in before


def test_home_with_nothing_in_it(client: Client) -> None:
    text = page(client, "/en/")
    assert "No call is open today" in text
    assert "Next events" not in text
    assert "A story" not in text
