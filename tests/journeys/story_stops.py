"""The pages of stories that the looks, the weights and the crawl go through, and the rows behind them."""

from typing import Any

from django.utils import timezone

from bookings.models import Outcome
from portal.stories.enums import StoryState
from tests.factories.calls import AwardFactory
from tests.factories.stories import ConsentFactory, EventFactory, StoryFactory
from tests.journeys.stop import Stop

STORIES = [
    Stop("stories", "visitor", "/stories/", "public"),
    Stop("stories-found", "visitor", "/stories/?kind=access&country=TG", "public"),
    Stop("stories-none", "visitor", "/stories/?q=nothingsuch", "public"),
    Stop("stories-odd", "visitor", "/stories/?kind=gossip", "public", 400),
    Stop("story", "visitor", "/stories/{story}/", "public"),
    Stop("story-send", "researcher", "/stories/send/", "public"),
    Stop("stories-mine", "researcher", "/stories/mine/", "public"),
    Stop("story-own", "researcher", "/stories/{own_story}/", "public"),
    Stop("story-edit", "researcher", "/stories/{own_story}/edit/", "public"),
    Stop("story-people", "researcher", "/stories/{own_story}/people/", "public"),
    Stop("story-check", "researcher", "/stories/{own_story}/check/", "public"),
    Stop("story-archive", "researcher", "/stories/{own_story}/archive/", "public"),
    Stop("desk-stories", "staff", "/desk/stories/", "staff"),
    Stop("desk-story-new", "staff", "/desk/stories/new/", "staff"),
    Stop("desk-story-ideas", "staff", "/desk/stories/ideas/", "staff"),
    Stop("desk-story", "staff", "/desk/stories/{sent_story}/", "staff"),
    Stop("desk-story-public", "staff", "/desk/stories/{story}/", "staff"),
    Stop("desk-story-return", "staff", "/desk/stories/{sent_story}/return/", "staff"),
]


def stories(cast: dict[str, Any]) -> dict[str, str]:
    """One that everybody reads with all it can lead to, a draft given back, one sent in, and an offer."""
    public = StoryFactory(
        slug="from-afar", countries=["TG", "FR"], byline="Abla K.", dois=["10.1107/S2052252526001234"]
    )
    public.instruments.add(cast["instrument"])
    public.techniques.set(cast["instrument"].techniques.all())
    public.organisations.add(cast["laboratory"])
    public.events.add(EventFactory(over=True))
    for _ in range(2):
        StoryFactory(countries=["TG"])
    own = StoryFactory(draft=True, sent_by=cast["researcher"], shows_people=True, state_note="Who took the picture?")
    ConsentFactory(story=own)
    ConsentFactory(story=own, given_on=None, is_minor=True, guardian="Ama D.")
    ConsentFactory(story=own, asked_again_at=timezone.now())
    sent = StoryFactory(draft=True, state=StoryState.IN_REVIEW, sent_by=cast["donor"], title_fr="")
    award = AwardFactory(holder=cast["researcher"], state="reported", instrument=cast["instrument"])
    said = {"summary": "We solved it.", "may_become_story": True, "story_consent": "Yes, tell it."}
    Outcome.objects.create(award=award, reported_at=timezone.now(), **said)
    return {"story": public.slug, "own_story": own.slug, "sent_story": sent.slug}
