"""The desk of stories: what waits and what is missing; publish, return, feature, begin one from an offer."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.models import Outcome
from donations.models import FollowUp
from portal.accounts.requests import SignedInRequest
from portal.audit.actions import history_of
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Conflict, Refused
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of
from portal.stories.actions import story as actions
from portal.stories.completeness import missing_to_publish
from portal.stories.enums import StoryState
from portal.stories.ideas import ideas, since_when
from portal.stories.models import Story
from portal.stories.states import STORY_MOVES
from portal.stories.story_words import HAPPENED
from portal.stories.views.story.seen import edition_of, looks
from portal.stories.views.story.write import LONGEST_WHY, either_way, reason_page, story_new, url_of

HISTORY = 50


@require_safe
@staff_only
def story_list(request: HttpRequest) -> HttpResponse:
    """Every story, or those in one state (`?state=`); the newest change first."""
    state = request.GET.get("state", "")
    rows = Story.objects.select_related("sent_by").order_by("-updated_at", "-pk")
    if state in StoryState.values:
        rows = rows.filter(state=state)
    context = {
        "page_obj": page_of(request, rows),
        "states": StoryState.choices,
        "state": state,
        "ideas": len(since_when()),
    }
    return render(request, "stories/desk_story_list.html", context)


@either_way
@staff_only
def new(request: SignedInRequest) -> HttpResponse:
    """Staff write one for the programme: the same form."""
    return story_new(request)


@require_safe
@staff_only
def story_manage(request: HttpRequest, slug: str) -> HttpResponse:
    """One story: what it lacks, what can be done with it, what was done."""
    return _page(request, _story(slug))


@require_POST
@staff_only
def publish(request: SignedInRequest, slug: str) -> HttpResponse:
    return _moved(request, slug, actions.publish_story, _("The story is published."))


@require_POST
@staff_only
def send(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take a draft in as it is: its writer need not send it."""
    return _moved(request, slug, actions.send_story, _("The story is with staff now."))


@either_way
@staff_only
def give_back(request: SignedInRequest, slug: str) -> HttpResponse:
    """Return it with a note to whoever sent it in."""
    story = _story(slug)
    form = ReasonForm(request.POST if request.method == "POST" else None, longest=LONGEST_WHY)
    status = done_with(
        request,
        form,
        lambda typed: actions.return_story(story, why=typed["why"], by=request.user, edition=edition_of(request)),
        _("The story is given back."),
    )
    if status == DONE:
        return redirect("desk_stories:story", story.slug)
    return reason_page(request, "stories/desk_story_return.html", _story(slug), form, "return", status)


@require_POST
@staff_only
def feature(request: SignedInRequest, slug: str) -> HttpResponse:
    is_featured = request.POST.get("is_featured") == "1"
    words = _("It comes first on the home page.") if is_featured else _("It no longer comes first on the home page.")
    return _moved(request, slug, partial(actions.feature_story, is_featured=is_featured), words)


@require_safe
@staff_only
def idea_list(request: HttpRequest) -> HttpResponse:
    """Reports and answers that were offered as a story and are none yet."""
    return render(request, "stories/desk_story_ideas.html", {"page_obj": page_of(request, ideas())})


@require_POST
@staff_only
def idea_begin(request: SignedInRequest, sort: str, pk: int) -> HttpResponse:
    """Begin a story from one; pressed twice, it is the same story."""
    begun: list[Story] = []

    def begin() -> None:
        if sort == "report":
            begun.append(actions.begin_from_outcome(get_object_or_404(Outcome, pk=pk), by=request.user))
        else:
            begun.append(actions.begin_from_follow_up(get_object_or_404(FollowUp, pk=pk), by=request.user))

    status = done(request, begin, _("A draft is begun; whoever offered it sees it and is asked to agree."))
    return redirect("desk_stories:story", begun[0].slug) if status == 200 else redirect("desk_stories:ideas")


def _moved(request: SignedInRequest, slug: str, deed: Callable[..., object], words: str) -> HttpResponse:
    """Do the deed and go on, or show the page with what is in its way; 409 where another edition was looked at."""
    story = _story(slug)
    try:
        deed(story, by=request.user, edition=edition_of(request))
    except Refused as refusal:
        return _page(request, _story(slug), refusal)
    return _go_on(request, story, words)


def _page(request: HttpRequest, story: Story, refusal: Refused | None = None) -> HttpResponse:
    conflict = refusal if isinstance(refusal, Conflict) else None
    is_refused = refusal is not None and conflict is None
    lacking: list[Any] = list(refusal.reasons) if refusal and is_refused else missing_to_publish(story)
    is_open = story.state in (StoryState.DRAFT, StoryState.IN_REVIEW)
    is_for_staff = story.sent_by is None or story.sent_by == request.user
    is_put_away = story.state == StoryState.ARCHIVED
    history = list(history_of(story)[:HISTORY])
    context = {
        "story": story,
        "lacking": [(lack.message, _mended(lack, story)) for lack in lacking] if is_open or is_refused else [],
        "is_refused": is_refused,
        "conflict": conflict,
        "is_open": is_open,
        "can": {verb: can_move(STORY_MOVES, verb, story.state) for verb in STORY_MOVES},
        "can_publish": can_move(STORY_MOVES, "publish", story.state) or (story.state == "draft" and is_for_staff),
        "is_public": story.is_public,
        "is_put_away": is_put_away,
        "taken_off": next((entry for entry in history if entry.verb == "archive" and story.published_at), None),
        "people": story.consents.all(),
        "pictures": story.pictures.count(),
        **(looks(story) if conflict else {}),
        "history": [(HAPPENED.get(entry.verb, entry.verb), entry) for entry in history],
    }
    return render(request, "stories/desk_story.html", context, status=refusal.status if refusal else 200)


def _mended(lack: Any, story: Story) -> str:
    return url_of(lack.page, story) if getattr(lack, "page", "") else ""


def _go_on(request: SignedInRequest, story: Story, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(reverse("desk_stories:story", args=[story.slug]))


def _story(slug: str) -> Story:
    story: Story = get_object_or_404(Story.objects.select_related("sent_by"), slug=slug)
    return story
