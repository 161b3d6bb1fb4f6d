"""What waits about stories: for staff those sent in and offers nobody has taken up, for senders their own consent."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.waiting import Lines, Waiting, each
from portal.stories.enums import ConsentForm, StoryState
from portal.stories.ideas import offered
from portal.stories.models import Consent, Story

SHOWN = 10
PATIENCE = timedelta(days=14)  # of those who sent it in


def consents_waiting_for(person: Any) -> Lines:
    """Stories that this person sent in or offered, and has not agreed to as they stand now."""
    rows = Consent.objects.missing().filter(
        withdrawn_at=None,
        form=ConsentForm.PORTAL,
        story__sent_by=person,
        story__state__in=[StoryState.DRAFT, StoryState.IN_REVIEW],
    )
    return Lines(rows.select_related("story").order_by("updated_at", "pk")[:SHOWN], each(_to_agree))


def _to_agree(consent: Consent) -> Waiting:
    return Waiting(
        title=_("Do you agree to be shown in this story?"),
        url=consent.story.get_absolute_url(),
        detail=str(consent.story),
        when=consent.updated_at,
    )


def stories_waiting_for() -> list[Lines]:
    """For staff, the longest waiting first."""
    now = timezone.now()
    rows = Story.objects.filter(state=StoryState.IN_REVIEW).order_by("updated_at", "pk")[:SHOWN]
    return [Lines(rows, each(_to_look_at, now)), Lines(offered(), lambda found: _offered(found, now))]


def _to_look_at(story: Story, now: datetime) -> Waiting:
    return Waiting(
        title=_("Look at the story: %(title)s") % {"title": story},
        url=reverse("desk_stories:story", args=[story.slug]),
        detail=story.byline,
        when=story.updated_at,
        is_urgent=now - story.updated_at > PATIENCE,
    )


def _offered(found: list[tuple[datetime | None]], now: datetime) -> list[Waiting]:
    """One line for all offers."""
    since = [at for (at,) in found if at]
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
