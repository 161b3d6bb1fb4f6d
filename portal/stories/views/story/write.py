"""Write a story and send it in: one form, the people in it, the pictures, a check page."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.requests import SignedInRequest
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Forbidden, Refused
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of
from portal.stories.actions import story as actions
from portal.stories.completeness import missing_to_publish, missing_to_send
from portal.stories.forms.story import LANGUAGES, NAMED, TEXT, StoryForm
from portal.stories.models import Story
from portal.stories.states import STORY_MOVES

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
    form = StoryForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method != "POST":
        return _drawn(request, form)
    if not form.is_valid():
        return _drawn(request, form, status=400)
    try:
        story = actions.begin_story(by=request.user, sender=_sender(request), links=form.links(), **form.columns())
    except Refused as refusal:
        return _refused(request, form, refusal)
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
    except actions.Conflict as conflict:
        return _both(request, story, conflict)
    except Refused as refusal:
        return _refused(request, form, refusal, story)
    messages.success(request, _("The story is saved."))
    return redirect(_onward(saved) if request.POST.get("next") != "later" else saved.get_absolute_url())


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
        actions.send_story(story, by=request.user)
    except Refused as refusal:
        if not request.user.has_perm("stories.edit_story", story):
            raise
        reasons = list(refusal.reasons)
        return _check_page(request, story, reasons, refusal.status)
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
        lambda typed: actions.archive_story(story, by=request.user, why=typed["why"]),
        _("The story is put away.") if is_draft else _("The story is taken off."),
    )
    if status == DONE:
        return redirect(back_to(request, story))
    context = {"story": story, "form": form, "can_do": can_move(STORY_MOVES, "archive", story.state)}
    return render(request, "stories/story_archive.html", context, status=status)


@require_POST
@login_required
def agree(request: SignedInRequest, slug: str) -> HttpResponse:
    """Whoever sent it in agrees to be shown in it."""
    story = visible(request, slug)
    deed = partial(actions.agree, story, by=request.user)
    done(request, deed, _("Thank you: your consent is noted."))
    return redirect(story.get_absolute_url())


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
    return story


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
        "texts": [
            (code, [getattr(story, f"{name}_{code}") or "" for name in TEXT])
            for code in LANGUAGES
            if getattr(story, f"title_{code}") or getattr(story, f"body_{code}")
        ],
    }
    return render(request, "stories/story_check.html", context, status=status)


def _refused(request: HttpRequest, form: StoryForm, refusal: Refused, story: Story | None = None) -> HttpResponse:
    for reason in refusal.reasons:
        form.add_error(None, reason.message)
    return _drawn(request, form, story, status=refusal.status)


def _both(request: SignedInRequest, story: Story, conflict: actions.Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    story.refresh_from_db()
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    form = StoryForm(data, person=request.user, story=story)
    form.is_valid()
    held = StoryForm(person=request.user, story=story)
    theirs = {name: _shown(held[name]) for name in form.fields if _differs(form, held, name)}
    return _drawn(request, form, story, status=conflict.status, conflict=conflict, theirs=theirs)


def _differs(form: StoryForm, held: StoryForm, name: str) -> bool:
    bound = held[name]
    return not bound.is_hidden and bool(form.fields[name].has_changed(bound.initial, form[name].data))


def _shown(held: Any) -> str:
    """What is stored of a field, as people read it."""
    values = held.value() if isinstance(held.value(), list) else [held.value()]
    choices = {str(getattr(key, "value", key)): str(label) for key, label in getattr(held.field, "choices", ())}
    shown = [choices.get(str(value), str(value)) for value in values if value not in (None, "")]
    return "\n".join(shown) or _("Nothing")


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
        "is_other_open": _has_any(form, groups[other]) or bool(theirs),
        "about": rows("kind", "byline", "countries", "techniques"),
        "named": rows(*NAMED, "dois"),
        "is_named_open": _has_any(form, rows(*NAMED, "dois")) or bool(theirs),
        "people": rows("shows_people"),
        "back": story.get_absolute_url() if story else reverse("stories:mine"),
    }
    return render(request, "stories/story_form.html", context | more, status=status)


def _has_any(form: StoryForm, rows: list[tuple[Any, str]]) -> bool:
    """Whether any of the fields says something, or is wrong."""
    return any(bound.value() or bound.errors for bound, _theirs in rows)
