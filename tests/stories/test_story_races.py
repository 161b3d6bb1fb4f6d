"""A story is changed in the very moment in which somebody agrees to it, or publishes it."""

from collections.abc import Callable
from functools import partial

import pytest

from portal.stories.actions import story as actions
from portal.stories.models import Story
from tests.factories.accounts import UserFactory
from tests.factories.stories import ConsentFactory, StoryFactory
from tests.instruments.test_training_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
EITHER_FIRST = (["", ""], ["", "conflict"])  # whoever changes it is never turned away


@pytest.fixture
def story() -> Story:
    return StoryFactory(draft=True, state="in_review", shows_people=True)


def changing(story: Story, staff) -> Callable[[], object]:
    return lambda: actions.edit_story(story, version=0, by=staff, title_en="Another title")


def test_nobody_s_word_stands_for_a_text_they_did_not_read(story) -> None:
    staff = UserFactory(is_staff=True)
    outcomes = at_once(changing(story, staff), lambda: actions.agree(story, by=story.sent_by, edition=0))
    assert outcomes in EITHER_FIRST
    assert not story.consents.standing().exists()


def test_nothing_is_read_that_those_shown_did_not_agree_to(story) -> None:
    staff = UserFactory(is_staff=True)
    ConsentFactory(story=story)
    outcomes = at_once(changing(story, staff), lambda: actions.publish_story(story, by=staff, edition=0))
    assert outcomes in EITHER_FIRST
    story.refresh_from_db()
    assert (story.state, story.title_en) == ("in_review", "Another title")
    assert not story.consents.standing().exists()


def test_two_clicks_at_once_begin_one_story() -> None:
    writer = UserFactory()
    begin = partial(actions.begin_story, by=writer, sender=writer, title_en="Forty crystals", kind="access")
    assert at_once(*[begin] * 4) == ["", "", "", ""]
    assert Story.objects.count() == 1
