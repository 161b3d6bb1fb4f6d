"""Stories for eyes: any script, any length, and what a mail says of one that nobody reads any more."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from portal.notifications.models import Notification
from portal.notifications.rendering import Letter, Renderer
from portal.stories import notices
from portal.stories.models import Story
from tests.factories.stories import EventFactory, StoryFactory

pytestmark = pytest.mark.django_db
ARABIC = "قصة من مختبرنا"


def main_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode().split("<main")[1].split("</main>")[0]


def letter_of(story: Story) -> Letter:
    row = Notification(
        kind=notices.STORY_ARCHIVED.name,
        address="a@example.org",
        language="en",
        time_zone="UTC",
        data={"story": story.pk},
    )
    letter = Renderer().letter(notices.STORY_ARCHIVED, row)
    assert letter is not None
    return letter


@pytest.mark.parametrize("factory", [StoryFactory, EventFactory], ids=["story", "event"])
def test_a_text_runs_in_the_direction_of_its_own_script(client: Client, factory: Any) -> None:
    row = factory(title_en=ARABIC, summary_en=f"{ARABIC}.", body_en=f"# {ARABIC}\n\n- {ARABIC}.")
    main = main_of(client, row.get_absolute_url())
    assert f'<h1 dir="auto">{ARABIC}</h1>' in main
    assert f'<p class="lede" dir="auto">{ARABIC}.</p>' in main
    assert 'class="prose" dir="auto">' in main
    assert f'<li aria-current="page"><bdi>{ARABIC}</bdi></li>' in main


@pytest.mark.parametrize("heading", ["#", "##"])
@pytest.mark.parametrize("factory", [StoryFactory, EventFactory], ids=["story", "event"])
def test_the_headings_of_a_text_come_right_below_the_page_s(client: Client, factory: Any, heading: str) -> None:
    row = factory(body_en=f"{heading} An hour that was mine")
    assert "<h2>An hour that was mine</h2>" in main_of(client, row.get_absolute_url())


@pytest.mark.parametrize("factory", [StoryFactory, EventFactory], ids=["story", "event"])
def test_a_title_that_would_fill_the_page_is_set_smaller(client: Client, factory: Any) -> None:
    row = factory(title_en="Abc " * 30)
    assert '<h1 dir="auto" class="long">' in main_of(client, row.get_absolute_url())


def test_its_people_hear_that_a_published_story_was_taken_off() -> None:
    letter = letter_of(StoryFactory(state="archived", published_at=datetime(2026, 3, 22, tzinfo=UTC)))
    assert letter.subject.startswith("A story was taken off the site: ")
    assert "was taken off the site. Only our staff and whoever sent it in can still read it." in letter.text


def test_a_sender_hears_that_a_story_will_not_be_published_rather_than_that_it_was_taken_off() -> None:
    letter = letter_of(StoryFactory(draft=True, state="archived", state_note="We have told this one already."))
    assert letter.subject.startswith("Your story will not be published: ")
    assert "it will not be published. Only you and they can still read it." in letter.text
    assert "We have told this one already." in letter.text
    assert "taken off" not in letter.text + letter.html
