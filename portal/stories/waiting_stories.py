"""What waits for staff about stories: those sent in, and offers that nobody has taken up. Two statements."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.waiting import Waiting
from portal.stories.enums import StoryState
from portal.stories.ideas import since_when
from portal.stories.models import Story

SHOWN = 10
PATIENCE = timedelta(days=14)  # of those who sent it in


def stories_waiting_for(user: Any) -> list[Waiting]:
    """The longest waiting first; nothing is asked for people who are no staff."""
    if not user.is_staff:
        return []
    now = timezone.now()
    rows = Story.objects.filter(state=StoryState.IN_REVIEW).order_by("updated_at", "pk")[:SHOWN]
    return [*(_to_look_at(story, now) for story in rows), *_offered(since_when(), now)]


def _to_look_at(story: Story, now: datetime) -> Waiting:
    return Waiting(
        title=_("Look at the story: %(title)s") % {"title": story},
        url=reverse("desk_stories:story", args=[story.slug]),
        detail=story.byline,
        when=story.updated_at,
        is_urgent=now - story.updated_at > PATIENCE,
    )


def _offered(since: list[datetime], now: datetime) -> list[Waiting]:
    """One line for all offers."""
    if not since:
        return []
    words = ngettext("%(number)d story is offered", "%(number)d stories are offered", len(since))
    return [
        Waiting(
            title=words % {"number": len(since)},
            url=reverse("desk_stories:ideas"),
            detail=_("Reports and answers whose people agree that a story comes of them"),
            when=since[0],
            is_urgent=now - since[0] > PATIENCE,
        )
    ]
