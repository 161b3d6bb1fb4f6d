"""Rows of stories and events: what always holds, and who sees which."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from portal.stories.enums import EventState, StoryState
from portal.stories.models import Event, Story
from tests.factories.stories import ConsentFactory, EventFactory, StoryFactory

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def test_published_ones_are_for_all_and_drafts_for_their_people(researcher, stranger_researcher, staff):
    public = StoryFactory()
    draft = StoryFactory(draft=True, sent_by=researcher)
    assert set(Story.objects.visible_to(VISITOR)) == {public}
    assert set(Story.objects.visible_to(stranger_researcher)) == {public}
    assert set(Story.objects.visible_to(researcher)) == {public, draft}
    assert set(Story.objects.visible_to(staff)) == {public, draft}


def test_a_published_story_has_its_moment():
    with pytest.raises(IntegrityError, match="story_published_at_a_moment"), transaction.atomic():
        StoryFactory(state=StoryState.PUBLISHED, published_at=None)


def test_a_minor_needs_a_guardian():
    with pytest.raises(IntegrityError, match="consent_of_a_minor_by_a_guardian"), transaction.atomic():
        ConsentFactory(is_minor=True)


def test_women_are_among_the_people():
    with pytest.raises(IntegrityError, match="event_women_among_people"), transaction.atomic():
        EventFactory(people=3, women=4)


def test_whole_days_end_at_the_midnight_after_the_last():
    event = EventFactory(
        starts_at=datetime(2023, 1, 28, 22, tzinfo=UTC), ends_at=datetime(2023, 2, 2, 22, tzinfo=UTC), over=True
    )
    assert (event.first_day, event.last_day) == (date(2023, 1, 29), date(2023, 2, 2))


def test_announced_events_are_public_and_drafts_are_not(staff):
    coming, draft = EventFactory(), EventFactory(state=EventState.DRAFT, published_at=None)
    assert set(Event.objects.visible_to(VISITOR)) == {coming}
    assert set(Event.objects.visible_to(staff)) == {coming, draft}


@pytest.mark.parametrize(("typed", "language"), [("structure solved", "en"), ("résolue", "fr"), ("resolue lome", "fr")])
def test_words_find_a_story_with_and_without_accents(typed, language):
    story = StoryFactory()
    assert set(Story.objects.matching(typed, language)) == {story}
    assert not Story.objects.matching("volcano", language).exists()


def test_words_find_an_event():
    event = EventFactory()
    assert set(Event.objects.matching("bootcamp cairo", "en")) == {event}
