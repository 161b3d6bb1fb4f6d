"""Write a story and send it in: one form, the people in it, the pictures, a check page."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.requests import SignedInRequest
from portal.audit.actions import last_time
from portal.core import drafting
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Conflict, Forbidden, Refused
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of
from portal.stories.actions import story as actions
from portal.stories.completeness import missing_to_publish, missing_to_send
from portal.stories.enums import StoryState
from portal.stories.forms.story import LANGUAGES, NAMED, TEXT, StoryForm
from portal.stories.models import Story
from portal.stories.states import STORY_MOVES
from portal.stories.views.story.begun import begun_by, key_of, new_address, remember
from portal.stories.views.story.public import detail_page
from portal.stories.views.story.seen import edition_of, looks, texts_of

either_way = require_http_methods(["GET", "HEAD", "POST"])
LONGEST_WHY = 1000
PAGES = {"text": "stories:edit", "people": "stories:people"}


@require_safe
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """What the reader sent in or is writing, whatever became of it."""
    rows = Story.objects.sent_by(request.user).order_by("-updated_at", "-pk")
    return render(request, "stories/story_mine.html", {"page_obj": page_of(request, rows)})


@either_way
@login_required
def story_new(request: SignedInRequest) -> HttpResponse:
    """Begin a story: the draft is saved at once, the rest follows on its own pages."""
    if begun := begun_by(request):
        return story_edit(request, begun) if request.method == "POST" else redirect("stories:edit", begun)
    if request.method != "POST" and not key_of(request):
        return redirect(new_address(request))
    form = StoryForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method != "POST":
        return _drawn(request, form)
    if not form.is_valid():
        return _drawn(request, form, status=400)
    try:
        story = actions.begin_story(by=request.user, sender=_sender(request), links=form.links(), **form.columns())
    except Refused as refusal:
        return _refused(request, form, refusal)
    remember(request, story)
    messages.success(request, _("Your draft is saved."))
    return redirect(_onward(story))


@either_way
@login_required
def story_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change its texts and links. What somebody else saved meanwhile is shown beside (409)."""
    story = editable(request, slug)
    form = StoryForm(request.POST if request.method == "POST" else None, person=request.user, story=story)
    if request.method != "POST":
        return _drawn(request, form, story)
    if not form.is_valid():
        return _drawn(request, form, story, status=400)
    try:
        saved = actions.edit_story(
            story, version=form.typed_version, by=request.user, links=form.links(), **form.columns()
        )
    except Conflict as conflict:
        return _both(request, story, conflict)
    except Refused as refusal:
        return _refused(request, form, refusal, story)
    words = _("The story is saved.")
    if story.is_public and not saved.is_public:
        words = _("The story is saved. It is off until those shown in it have agreed to it as it stands now.")
    messages.success(request, words)
    return redirect(_onward(saved) if "later" not in request.POST else saved.get_absolute_url())


@require_POST
@login_required
def save(request: SignedInRequest, slug: str) -> JsonResponse:
    """Save a draft as far as it is typed: {"version": int, "message": str}; 409 where somebody else saved meanwhile.

    Any other story is seen by more people than those who write it: half a sentence is kept on the device alone.
    """
    story = editable(request, slug)
    if story.state != StoryState.DRAFT:
        raise Forbidden
    form = StoryForm(request.POST, person=request.user, story=story, later=True)
    form.is_valid()
    try:
        saved = actions.edit_story(
            story, version=form.typed_version, by=request.user, links=form.links(), typing=True, **form.columns()
        )
    except Refused as refusal:
        return drafting.not_saved(refusal)
    return drafting.saved(saved.version, form)


@require_safe
@login_required
def check(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everything as it would be sent in, and what is missing."""
    story = editable(request, slug)
    return _check_page(request, story)


@require_POST
@login_required
def send(request: SignedInRequest, slug: str) -> HttpResponse:
    story = visible(request, slug)
    reasons: list[Any] = []
    try:
        actions.send_story(story, by=request.user, edition=edition_of(request))
    except Refused as refusal:
        if not request.user.has_perm("stories.edit_story", story):
            raise
        reasons = list(refusal.reasons)
        return _check_page(request, visible(request, slug), reasons, refusal.status)
    messages.success(request, _("Thank you: your story is with our staff. We write to you."))
    return redirect(back_to(request, story))


@either_way
@login_required
def archive(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take a story off, or throw a draft away: asked once more."""
    story = visible(request, slug)
    if not request.user.has_perm("stories.archive_story", story):
        raise Forbidden
    is_draft = story.state == "draft"
    hint = "" if is_draft else _("Those concerned are told.")
    form = ReasonForm(
        request.POST if request.method == "POST" else None, longest=LONGEST_WHY, hint=hint, required=not is_draft
    )
    status = done_with(
        request,
        form,
        lambda typed: actions.archive_story(story, by=request.user, why=typed["why"], edition=edition_of(request)),
        _("The story is put away.") if is_draft else _("The story is taken off."),
    )
    if status == DONE:
        return redirect(back_to(request, story))
    return reason_page(request, "stories/story_archive.html", visible(request, slug), form, "archive", status)


@require_POST
@login_required
def agree(request: SignedInRequest, slug: str) -> HttpResponse:
    """Whoever sent it in agrees to be shown in it, as they read it; another text meanwhile is shown first (409)."""
    story = visible(request, slug)
    deed = partial(actions.agree, story, by=request.user, edition=edition_of(request))
    status = done(request, deed, _("Thank you: your consent is noted."))
    return detail_page(request, slug, status) if status == Conflict.status else redirect(story.get_absolute_url())


def visible(request: SignedInRequest, slug: str) -> Story:
    """The story, of those whose sender or staff this person is; 404 otherwise."""
    rows = Story.objects.visible_to(request.user)
    story: Story = get_object_or_404(rows if request.user.is_staff else rows.filter(sent_by=request.user), slug=slug)
    return story


def editable(request: SignedInRequest, slug: str) -> Story:
    """The same, where this person may write in it; 403 otherwise."""
    story = visible(request, slug)
    if not request.user.has_perm("stories.edit_story", story):
        raise Forbidden(_("Your story is with our staff, or published. Write to us if something has to change."))
    if story.state == StoryState.ARCHIVED:
        raise Forbidden(_("This story is put away and stays as it was."))
    return story


def reason_page(
    request: HttpRequest, template: str, story: Story, form: ReasonForm, verb: str, status: int
) -> HttpResponse:
    """The check page of a deed that asks why; below it the story as it stands now where another edition was judged."""
    is_other = status == Conflict.status
    context = {
        "story": story,
        "form": form,
        "can_do": can_move(STORY_MOVES, verb, story.state),
        "conflict": is_other,
        **(looks(story) if is_other else {}),
    }
    return render(request, template, context, status=status)


def back_to(request: SignedInRequest, story: Story) -> str:
    """Where a deed leads: staff to the desk, everybody else to the story's page."""
    if request.user.is_staff and story.sent_by_id != request.user.pk:
        return reverse("desk_stories:story", args=[story.slug])
    return story.get_absolute_url()


def url_of(page: str, story: Story) -> str:
    """The page called text, people or pictures that mends what a story lacks."""
    if page == "pictures":
        return reverse("picture_pages:list", args=["stories", story.slug])
    return reverse(PAGES[page], args=[story.slug])


def _sender(request: SignedInRequest) -> Any:
    """Staff who come from the desk write for the programme; everybody else, and staff elsewhere, for themselves."""
    match = request.resolver_match
    is_desk = match is not None and match.app_name == "desk_stories"
    return None if is_desk and request.user.is_staff else request.user


def _onward(story: Story) -> str:
    """The next page to fill in: people where some are shown, else pictures."""
    return url_of("people" if story.shows_people else "pictures", story)


def _check_page(
    request: HttpRequest, story: Story, reasons: list[Any] | None = None, status: int = 200
) -> HttpResponse:
    lacking = reasons if reasons is not None else missing_to_send(story)
    context = {
        "story": story,
        "pictures": story.pictures.prefetch_related("variants"),
        "consents": story.consents.all(),
        "reasons": [(lack.message, url_of(lack.page, story) if getattr(lack, "page", "") else "") for lack in lacking],
        "later": [lack.message for lack in missing_to_publish(story)] if not lacking else [],
        "is_refused": reasons is not None,
        "conflict": status == Conflict.status,
        "texts": texts_of(story),
    }
    return render(request, "stories/story_check.html", context, status=status)


def _refused(request: HttpRequest, form: StoryForm, refusal: Refused, story: Story | None = None) -> HttpResponse:
    for reason in refusal.reasons:
        form.add_error(None, reason.message)
    return _drawn(request, form, story, status=refusal.status)


def _both(request: SignedInRequest, story: Story, conflict: Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    story.refresh_from_db()
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    form = StoryForm(data, person=request.user, story=story)
    form.is_valid()
    held = StoryForm(person=request.user, story=story)
    theirs = {bound.name: words for bound, words in drafting.both(form, held, "\n")}
    return _drawn(request, form, story, status=conflict.status, conflict=conflict, theirs=theirs)


def _drawn(
    request: HttpRequest, form: StoryForm, story: Story | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The form in groups: one language open, the other folded unless something is in it."""
    theirs = more.get("theirs", {})

    def rows(*names: str) -> list[tuple[Any, str]]:
        return [(form[name], theirs.get(name, "")) for name in names]

    first = form.first_language
    other = next(code for code in LANGUAGES if code != first)
    groups = {code: rows(*[f"{name}_{code}" for name in TEXT]) for code in (first, other)}
    context = {
        "form": form,
        "story": story,
        "first": groups[first],
        "other": groups[other],
        "other_language": other,
        "is_other_open": _has_any(form, groups[other]) or any(theirs.values()),
        "about": rows("kind", "byline", "countries", "techniques"),
        "named": rows(*NAMED, "dois"),
        "is_named_open": _has_any(form, rows(*NAMED, "dois")) or any(theirs.values()),
        "people": rows("shows_people"),
        "back": story.get_absolute_url() if story else reverse("stories:mine"),
        "asked": actions.asked_if_changed(story, by=request.user) if story else [],
        "saved_at": story.updated_at if story else last_time(request.user, Story, "begin"),
    }
    return render(request, "stories/story_form.html", context | more, status=status)


def _has_any(form: StoryForm, rows: list[tuple[Any, str]]) -> bool:
    """Whether any of the fields says something, or is wrong."""
    return any(bound.value() or bound.errors for bound, _theirs in rows)
