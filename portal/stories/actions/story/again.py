"""Readers will see something else than those shown in a story agreed to: they are asked again.

Whoever changes it themselves has seen it, so their own consent on the portal stands. A published story in which
somebody is asked again is with staff until all of them have agreed: nobody reads what they have not seen.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.accounts.models import User
from portal.audit.actions import record
from portal.notifications.actions import Recipient, notify, reader
from portal.stories import notices
from portal.stories.actions.story.holding import move, sender_of
from portal.stories.enums import ConsentForm
from portal.stories.models import Consent, Story

PATIENCE = timedelta(minutes=15)  # who changes one thing changes several: one message, of how it stands then


def note_change(story: Story, *, by: Any, shows_else: bool) -> None:
    """Count a change of the pictures of a locked story. `shows_else`: they show more or other than was seen."""
    story.edition += 1
    story.save(update_fields=["edition", "updated_at"])
    if shows_else:
        ask_again(story, by=by)


def ask_again(story: Story, *, by: Any) -> None:
    """Ask everybody whose consent stands; those who are asked already hear nothing new until they have answered.

    `story` is locked, and off in the same moment where it was published.
    """
    asked = [consent for consent in story.consents.standing().select_for_update() if not _is_own(consent, story, by)]
    if not asked:
        return
    now = timezone.now()
    ids = [consent.pk for consent in asked]
    story.consents.filter(pk__in=ids).update(asked_again_at=now, updated_at=now)
    if story.is_public:
        move(story, "ask_again", by=by, consents=ids)
    else:
        record(story, "ask_again", by=by, consents=ids)
    key = f"story:{story.pk}:{now.isoformat()}"
    notify(notices.STORY_ASKED_AGAIN, key, _told(story, asked, by), {"story": story.pk}, due_at=now + PATIENCE)


def asked_if_changed(story: Story, *, by: Any) -> list[Consent]:
    """Those who would be asked again if this person changed what the story shows."""
    return [consent for consent in story.consents.all() if consent.stands and not _is_own(consent, story, by)]


def _is_own(consent: Consent, story: Story, by: Any) -> bool:
    return consent.form == ConsentForm.PORTAL and story.sent_by_id == by.pk


def _told(story: Story, asked: list[Consent], by: Any) -> list[Recipient]:
    """Who sent it in; where nobody did, staff who noted the consents and so know these people."""
    if story.sent_by is not None and story.sent_by.is_active:
        return sender_of(story, but=by)
    noted = {consent.recorded_by_id for consent in asked if consent.recorded_by_id} - {by.pk}
    return [reader(person) for person in User.objects.filter(pk__in=noted, is_active=True, is_staff=True)]
