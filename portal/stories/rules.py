"""Who may do what to stories, events, pictures and pages: pages, API, admin and actions ask the same."""

from typing import Any

import rules

from portal.stories.models import Picture, Story

is_staff = rules.is_staff


@rules.predicate
def has_account(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)


@rules.predicate
def writes(user: Any, story: Story | None) -> bool:
    """Who sent the story in, while it is theirs to change."""
    return story is not None and user.is_authenticated and story.sent_by_id == user.pk and story.state == "draft"


@rules.predicate
def sent(user: Any, story: Story | None) -> bool:
    return story is not None and user.is_authenticated and story.sent_by_id == user.pk


@rules.predicate
def writes_its_story(user: Any, picture: Picture | None) -> bool:
    return picture is not None and picture.story is not None and bool(writes(user, picture.story))


rules.add_perm("stories.begin_story", has_account)
rules.add_perm("stories.edit_story", is_staff | writes)  # its texts, links, consents; adding pictures
rules.add_perm("stories.send_story", is_staff | writes)
rules.add_perm("stories.judge_story", is_staff)  # return, publish, feature
rules.add_perm("stories.archive_story", is_staff | sent)
rules.add_perm("stories.agree_to_story", sent)  # to be shown in it
rules.add_perm("stories.withdraw_consent", is_staff | sent)  # of somebody shown in the story
rules.add_perm("stories.edit_picture", is_staff | writes_its_story)
rules.add_perm("stories.edit_event", is_staff)
rules.add_perm("stories.edit_page", is_staff)
