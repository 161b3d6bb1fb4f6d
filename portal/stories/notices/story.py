"""Messages about stories: to staff who edit them, and to whoever sent one in."""

from typing import Any

from django.urls import reverse

from donations.models import FollowUp
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute
from portal.stories.enums import ConsentForm, StoryState
from portal.stories.models import Consent, Story


def _about(data: dict[str, Any], *states: StoryState) -> Context | None:
    """What the words need; None when the story has left the states in which the message makes sense."""
    story = Story.objects.filter(pk=data["story"], state__in=states).select_related("sent_by").first()
    if story is None:
        return None
    return {"story": story, "note": story.state_note, "url": absolute(story.get_absolute_url())}


def _sent(data: dict[str, Any]) -> Context | None:
    told = _about(data, StoryState.IN_REVIEW)
    return told and told | {"url": absolute(reverse("desk_stories:story", args=[told["story"].slug]))}


def _returned(data: dict[str, Any]) -> Context | None:
    return _about(data, StoryState.DRAFT)


def _published(data: dict[str, Any]) -> Context | None:
    return _about(data, StoryState.PUBLISHED)


def _archived(data: dict[str, Any]) -> Context | None:
    return _about(data, StoryState.ARCHIVED)


def _withdrawn(data: dict[str, Any]) -> Context | None:
    """None where they have agreed again meanwhile."""
    rows = Consent.objects.filter(pk=data["consent"], withdrawn_at__isnull=False)
    consent = rows.select_related("story").first()
    if consent is None:
        return None
    return {
        "story": consent.story,
        "name": consent.name,
        "url": absolute(consent.story.get_absolute_url()),
        "is_off": consent.story.state == StoryState.ARCHIVED,
    }


def _asked_again(data: dict[str, Any]) -> Context | None:
    """None once nobody is asked any more. Its sender reads the story itself, staff the page of those shown."""
    told = _about(data, StoryState.DRAFT, StoryState.IN_REVIEW)
    if told is None:
        return None
    story = told["story"]
    asked = list(story.consents.asked_again())
    if not asked:
        return None
    is_own = any(consent.form == ConsentForm.PORTAL for consent in asked)
    if story.sent_by is None or not story.sent_by.is_active:
        is_own, told["url"] = False, absolute(reverse("stories:people", args=[story.slug]))
    names = [consent.name for consent in asked if not is_own or consent.form != ConsentForm.PORTAL]
    is_off = story.state == StoryState.IN_REVIEW and story.published_at is not None
    return told | {"is_own": is_own, "names": ", ".join(names), "is_off": is_off}


def _idea(data: dict[str, Any]) -> Context | None:
    """None where the offer does not stand any more, or a story was begun already."""
    rows = FollowUp.objects.filter(pk=data["follow_up"], may_become_story=True, story=None)
    row = rows.select_related("match__need__organisation").first()
    if row is None:
        return None
    return {
        "need": row.match.need,
        "words": row.words,
        "url": absolute(reverse("desk_stories:ideas")),
    }


STORY_SENT = register(Kind("stories.sent", _sent))
STORY_RETURNED = register(Kind("stories.returned", _returned))
STORY_PUBLISHED = register(Kind("stories.published", _published))
STORY_ARCHIVED = register(Kind("stories.archived", _archived))
STORY_ASKED_AGAIN = register(Kind("stories.asked_again", _asked_again))
CONSENT_WITHDRAWN = register(Kind("stories.consent_withdrawn", _withdrawn))
STORY_IDEA = register(Kind("stories.idea", _idea))
