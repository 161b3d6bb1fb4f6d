"""A story's way from its writer to everybody, and off again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.notifications.actions import notify
from portal.stories import notices
from portal.stories.actions.story.holding import locked, move, sender_of, staff
from portal.stories.completeness import missing_to_publish, missing_to_send
from portal.stories.enums import StoryState
from portal.stories.models import Story
from portal.stories.signals import story_archived, story_published
from portal.stories.states import STORY_MOVES


@transaction.atomic
def send_story(story: Story, *, by: Any, edition: int | None = None) -> Story:
    """Give a draft to staff; twice is once. `edition` as for all deeds here: the one that this person looked at.

    Raises Forbidden, WrongState, Conflict, and Refused with all that is missing.
    """
    row = _held(story, by=by, edition=edition)
    if row.state == StoryState.IN_REVIEW:
        return row
    next_state(STORY_MOVES, "send", row.state)
    if lacking := missing_to_send(row):
        raise Refused(*lacking)
    row.state_note = ""
    move(row, "send", by=by, fields=["state_note"])
    others = [person for person in staff() if person.user_id != by.pk]
    key = f"story:{row.pk}:{row.updated_at.isoformat()}"  # sent again it may be the same text, with other pictures
    notify(notices.STORY_SENT, key, others, {"story": row.pk})
    return row


@transaction.atomic
def return_story(story: Story, *, why: str, by: Any, edition: int | None = None) -> Story:
    """Give it back to its writer with a note. Raises Forbidden, WrongState, Conflict, Refused `no_reason`."""
    row = locked(story, "judge_story", by=by, edition=edition)
    row.state_note = _said(why, _("Say what should change; whoever sent it in reads it."))
    move(row, "return", by=by, why=row.state_note, fields=["state_note"])
    key = f"story:{row.pk}:{row.updated_at.isoformat()}"
    notify(notices.STORY_RETURNED, key, sender_of(row, but=by), {"story": row.pk})
    return row


@transaction.atomic
def publish_story(story: Story, *, by: Any, edition: int | None = None) -> Story:
    """Let everybody read it, be it once more. A draft of staff's own needs nobody to send it in.

    Raises Forbidden, WrongState, Conflict, and Refused with all that is missing.
    """
    row = locked(story, "judge_story", by=by, edition=edition)
    is_own = row.state == StoryState.DRAFT and row.sent_by in (None, by)
    if not is_own:
        next_state(STORY_MOVES, "publish", row.state)
    if lacking := missing_to_publish(row):
        raise Refused(*lacking)
    if is_own:
        move(row, "send", by=by)
    row.published_at, row.state_note = row.published_at or timezone.now(), ""
    move(row, "publish", by=by, fields=["published_at", "state_note"])
    notify(notices.STORY_PUBLISHED, f"story:{row.pk}:{row.edition}", sender_of(row, but=by), {"story": row.pk})
    story_published.send(Story, story=row, by=by)
    return row


@transaction.atomic
def archive_story(story: Story, *, by: Any, why: str = "", edition: int | None = None) -> Story:
    """Take it off, or put a draft away, for good; its other side is told.

    Raises Forbidden, WrongState, Conflict, and Refused `no_reason` for all but drafts.
    """
    row = locked(story, "archive_story", by=by, edition=edition)
    if row.state != StoryState.DRAFT:
        why = _said(why, _("Say why it is taken off; those concerned are told."))
    return take_off(row, by=by, why=why)


def take_off(row: Story, *, by: Any, why: str) -> Story:
    """Archive a locked story and tell its sender, and staff of one that was published."""
    was_public = row.is_public
    row.state_note, row.is_featured = why.strip(), False
    move(row, "archive", by=by, why=row.state_note, fields=["state_note", "is_featured"])
    told = sender_of(row, but=by)
    if was_public and not by.is_staff:
        told += staff()
    notify(notices.STORY_ARCHIVED, f"story:{row.pk}", told, {"story": row.pk})
    if was_public:
        story_archived.send(Story, story=row, by=by)
    return row


@transaction.atomic
def feature_story(story: Story, *, is_featured: bool, by: Any, edition: int | None = None) -> Story:
    """Prefer a published story on the home page, or no longer. Raises Forbidden, Conflict, Refused `not_published`."""
    row = locked(story, "judge_story", by=by, edition=edition)
    if is_featured and not row.is_public:
        raise Refused(Reason("not_published", _("Only a published story can stand on the home page.")))
    if row.is_featured != is_featured:
        row.is_featured = is_featured
        row.save(update_fields=["is_featured", "updated_at"])
        record(row, "feature" if is_featured else "unfeature", by=by)
    return row


def _held(story: Story, *, by: Any, edition: int | None) -> Story:
    """The story, locked, for its sender or staff; one that is in already answers its sender too."""
    row = locked(story, "archive_story", by=by, edition=edition)
    if row.state != StoryState.IN_REVIEW and not by.has_perm("stories.send_story", row):
        raise Forbidden
    return row


def _said(why: str, otherwise: str) -> str:
    if not why.strip():
        raise Refused(Reason("no_reason", otherwise))
    return why.strip()
