"""The rows that messages about stories are about, each in the state in which its message makes sense."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.db.models import Model

from tests.factories.donations import AcceptedMatchFactory, FollowUpFactory
from tests.factories.stories import ConsentFactory, StoryFactory

MOMENT = datetime(2026, 3, 22, tzinfo=UTC)
TITLES = {"title_en": "Élan 27", "title_fr": "Élan 27"}


def idea() -> Model:
    """An answer about a gift that was offered as a story."""
    match = AcceptedMatchFactory(need__organisation__name="Élan", need__title="Élan 27")
    said = {"in_use": "daily", "answered_at": MOMENT, "may_become_story": True, "consent": "Yes"}
    return FollowUpFactory(match=match, state="answered", **said)


TOLD: dict[str, Callable[[], Model]] = {
    "stories.sent": lambda: StoryFactory(draft=True, state="in_review", **TITLES),
    "stories.returned": lambda: StoryFactory(draft=True, **TITLES),
    "stories.published": lambda: StoryFactory(**TITLES),
    "stories.archived": lambda: StoryFactory(state="archived", **TITLES),
    "stories.consent_withdrawn": lambda: ConsentFactory(
        story=StoryFactory(state="archived", **TITLES), withdrawn_at=MOMENT
    ),
    "stories.asked_again": lambda: (
        ConsentFactory(story=StoryFactory(draft=True, state="in_review", **TITLES), asked_again_at=MOMENT).story
    ),
    "stories.idea": idea,
}
