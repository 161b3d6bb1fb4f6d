"""What every deed on a story does: hold the row, look again, move it, note it, tell."""

from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Conflict, Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.notifications.actions import Recipient, reader
from portal.stories.enums import StoryState
from portal.stories.models import Story
from portal.stories.states import STORY_MOVES


def locked(story: Story, permission: str, *, by: Any, edition: int | None = None) -> Story:
    """The story as it is now, held until the transaction ends.

    `edition`: of the story that this person looked at; None where no person did. Raises Forbidden, and Conflict where
    readers would see something else by now.
    """
    row: Story = Story.objects.select_for_update(of=("self",), no_key=True).select_related("sent_by").get(pk=story.pk)
    if not by.has_perm(f"stories.{permission}", row):
        raise Forbidden
    if edition is not None and edition != row.edition:
        raise Conflict(row.edition, _("This story was changed after you opened it. Look at it again before you go on."))
    return row


def check_open(story: Story) -> None:
    """Raise Refused `archived` for a story that was taken off or put away."""
    if story.state == StoryState.ARCHIVED:
        raise Refused(Reason("archived", _("This story is put away and stays as it was.")))


def move(story: Story, verb: str, *, by: Any, why: str = "", fields: Any = (), **details: Any) -> Story:
    """Move a locked story, save it with `fields` that the caller has set, and note it. Raises WrongState."""
    before = story.state
    story.state = next_state(STORY_MOVES, verb, before)
    story.save(update_fields=["state", "updated_at", *fields])
    record(story, verb, by=by, before=before, after=story.state, why=why, **details)
    return story


def staff() -> list[Recipient]:
    """Those who edit and publish."""
    return [reader(person) for person in User.objects.filter(is_staff=True, is_active=True).order_by("pk")]


def sender_of(story: Story, *, but: Any = None) -> list[Recipient]:
    """Who sent it in, while they can sign in; not who does the deed themselves."""
    person = story.sent_by
    return [reader(person)] if person is not None and person.is_active and person != but else []
