"""Every deed on a story and the consents in it."""

from portal.core.errors import Conflict
from portal.stories.actions.story.again import ask_again, asked_if_changed, note_change
from portal.stories.actions.story.consent import (
    CONSENT,
    CONSENT_OF_GUARDIAN,
    add_consent,
    agree,
    drop_consent,
    give_consent,
    withdraw_consent,
)
from portal.stories.actions.story.ideas import begin_from_follow_up, begin_from_outcome
from portal.stories.actions.story.moves import archive_story, feature_story, publish_story, return_story, send_story
from portal.stories.actions.story.text import LINKS, begin_story, edit_story

__all__ = [
    "CONSENT",
    "CONSENT_OF_GUARDIAN",
    "LINKS",
    "Conflict",
    "add_consent",
    "agree",
    "archive_story",
    "ask_again",
    "asked_if_changed",
    "begin_from_follow_up",
    "begin_from_outcome",
    "begin_story",
    "drop_consent",
    "edit_story",
    "feature_story",
    "give_consent",
    "note_change",
    "publish_story",
    "return_story",
    "send_story",
    "withdraw_consent",
]
