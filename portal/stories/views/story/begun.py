"""Which story each form of a new one began.

Every such form has an address of its own, kept in the session with the draft that it began: who goes back to it changes
that draft, in whatever browser.
"""

from django.http import HttpRequest
from django.utils.crypto import get_random_string

from portal.stories.enums import StoryState
from portal.stories.models import Story

HELD, MOST, LONGEST = "begun_stories", 20, 40


def key_of(request: HttpRequest) -> str:
    """The part of the address by which forms are told apart; empty where it has none yet."""
    return request.GET.get("form", "")[:LONGEST]


def new_address(request: HttpRequest) -> str:
    return f"{request.path}?form={get_random_string(22)}"


def begun_by(request: HttpRequest) -> str:
    """The slug of the draft that this form began; empty where it began none, or one that is a draft no more."""
    slug = request.session.get(HELD, {}).get(key_of(request), "")
    return slug if slug and Story.objects.filter(slug=slug, state=StoryState.DRAFT).exists() else ""


def remember(request: HttpRequest, story: Story) -> None:
    if key := key_of(request):
        held = request.session.get(HELD, {}) | {key: story.slug}
        request.session[HELD] = dict(list(held.items())[-MOST:])
