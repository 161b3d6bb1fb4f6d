"""Who may read which address of stories, and the rows that these addresses name."""

from typing import Any

from portal.stories.enums import StoryState
from tests.factories.stories import ConsentFactory, StoryFactory

NOBODY = frozenset[str]()
STAFF = frozenset({"staff", "admin_user"})
SENDER = STAFF | {"researcher"}
PEOPLE = STAFF | {
    *("researcher", "focal_point", "operator", "reviewer", "donor"),
    *("stranger_researcher", "stranger_focal_point", "stranger_operator"),
}
EVERYBODY = PEOPLE | {"visitor"}

READERS: dict[str, frozenset[str]] = {
    "api:story-list": EVERYBODY,
    "api:story-detail": EVERYBODY,
    "api:story-send": NOBODY,
    "api:story-agree": NOBODY,
    "api:story-archive": NOBODY,
    "stories_feed": EVERYBODY,
    "stories:list": EVERYBODY,
    "stories:detail": EVERYBODY,  # of a published one
    "stories:send": PEOPLE,
    "stories:mine": PEOPLE,
    "stories:edit": SENDER,
    "stories:save": NOBODY,
    "stories:people": SENDER,
    "stories:consent": NOBODY,
    "stories:agree": NOBODY,
    "stories:check": SENDER,
    "stories:hand_in": NOBODY,
    "stories:archive": SENDER,
    "desk_stories:list": STAFF,
    "desk_stories:new": STAFF,
    "desk_stories:ideas": STAFF,
    "desk_stories:idea_begin": NOBODY,
    "desk_stories:story": STAFF,
    "desk_stories:publish": NOBODY,
    "desk_stories:take_in": NOBODY,
    "desk_stories:return": STAFF,
    "desk_stories:feature": NOBODY,
}
OF_THE_DRAFT = ("edit", "save", "people", "consent", "agree", "check", "hand_in", "archive")


def arguments_of(people: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """A published story for everybody, a draft of the researcher's, one that is with staff."""
    draft = StoryFactory(draft=True, sent_by=people["researcher"])
    sent = StoryFactory(draft=True, state=StoryState.IN_REVIEW)
    public = StoryFactory()
    return {
        ("api:story", "slug"): public.slug,
        ("stories", "slug"): public.slug,
        **{(f"stories:{name}", "slug"): draft.slug for name in OF_THE_DRAFT},
        ("stories:consent", "pk"): ConsentFactory(story=draft).pk,
        ("stories:consent", "verb"): "withdraw",
        ("desk_stories", "slug"): sent.slug,
        ("desk_stories", "sort"): "report",
        ("desk_stories", "pk"): 1,
    }


# Without a name each form of a new story leads to one of its own.
QUERIES = {name: {"form": "one"} for name in ("stories:send", "desk_stories:new")}
