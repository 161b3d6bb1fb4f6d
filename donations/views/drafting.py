"""The sections of a need's or an offer's form: a page each, saved at Continue and, while somebody types, by script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from donations import steps
from donations.actions import draft
from donations.forms.section import SectionForm
from donations.steps import Step
from portal.accounts.models import User
from portal.core import drafting
from portal.core.errors import Conflict, Forbidden, Refused


@dataclass(frozen=True)
class Drafting:
    """How one sort of thing is drafted. Its urls are `<urls>:step`, `:save`, `:check` and `:detail`.

    `name` begins its templates: `donations/<name>_section_<step>.html` where a section needs its own.
    """

    name: str
    urls: str
    model: Any
    steps: tuple[Step, ...]
    forms: Mapping[str, type[SectionForm]]
    list_label: Promise

    def url(self, page: str, thing: Any, *more: Any) -> str:
        return reverse(f"{self.urls}:{page}", args=[thing.ref, *more])


class Task(NamedTuple):
    """A section with how far it is; `kind` is the look of its status, empty for what needs no attention."""

    name: str
    title: Promise
    url: str
    status: Promise
    kind: str


COMPLETED = gettext_lazy("Completed")
OPTIONAL = gettext_lazy("Optional")
PREFILLED = gettext_lazy("Filled in for you, to be checked")
STARTED = gettext_lazy("In progress")
UNTOUCHED = gettext_lazy("Not started")


def section(request: HttpRequest, ref: str, step: str, kind: Drafting) -> HttpResponse:
    """Show a section; at Continue save it and go on. What somebody else saved meanwhile is shown beside (409)."""
    thing, asked = written(request, ref, step, kind)
    is_later = "later" in request.POST
    form = form_of(thing, asked, kind, request.POST if request.method == "POST" else None, later=is_later)
    if request.method != "POST":
        return page(request, thing, asked, kind, form)
    if not form.is_valid():
        return page(request, thing, asked, kind, form, 400)
    try:
        _save(thing, asked, form, by=request.user, done=not is_later)
    except Conflict as conflict:
        return _both(request, thing, asked, kind, conflict)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason.message)
        return page(request, thing, asked, kind, form, refusal.status)
    return redirect(kind.url("detail", thing) if is_later else onward(request, thing, step, kind))


def autosave(request: HttpRequest, ref: str, step: str, kind: Drafting) -> JsonResponse:
    """Save what is typed so far: {"version": int, "message": str}; 409 where somebody else saved meanwhile.

    What cannot be understood yet is left out, and the message says so.
    """
    thing, asked = written(request, ref, step, kind)
    form = form_of(thing, asked, kind, request.POST, later=True)
    form.is_valid()
    try:
        saved = _save(thing, asked, form, by=request.user, done=None)
    except Refused as refusal:
        return drafting.not_saved(refusal)
    return drafting.saved(steps.version_of(saved, asked.name), form)


def written(request: HttpRequest, ref: str, name: str, kind: Drafting) -> tuple[Any, Step]:
    """The thing in whose section called `name` this person may write; 404 where they see none, 403, 404."""
    thing = visible(request, ref, kind)
    asked = steps.named(kind.steps, name)
    if asked is None:
        raise Http404
    if not draft.may_write(thing, request.user):
        raise Forbidden
    return thing, asked


def visible(request: HttpRequest, ref: str, kind: Drafting) -> Any:
    return get_object_or_404(kind.model.objects.visible_to(request.user).for_list(), ref=ref)


def form_of(thing: Any, asked: Step, kind: Drafting, data: Any = None, *, later: bool = False) -> SectionForm:
    return kind.forms.get(asked.name, SectionForm)(thing, asked, data, later=later)


def onward(request: HttpRequest, thing: Any, name: str, kind: Drafting) -> str:
    """Where Continue leads: the next section, or the check page after the last and when one came from there."""
    following = steps.after(kind.steps, name)
    if following is None or "check" in request.GET:
        return kind.url("check", thing)
    return kind.url("step", thing, following.name)


def tasks_of(thing: Any, kind: Drafting) -> list[Task]:
    return [
        Task(step.name, step.title, kind.url("step", thing, step.name), *_status(thing, step)) for step in kind.steps
    ]


def frame(thing: Any, kind: Drafting) -> dict[str, Any]:
    """What every page about the draft needs."""
    return {
        "thing": thing,
        "list_url": reverse(f"{kind.urls}:list"),
        "list_label": kind.list_label,
        "detail_url": kind.url("detail", thing),
        "check_url": kind.url("check", thing),
    }


def page(
    request: HttpRequest, thing: Any, asked: Step, kind: Drafting, form: Any, status: int = 200, **more: Any
) -> HttpResponse:
    """A section with its fields; `more` is what its own template shows beside them."""
    return _drawn(request, thing, asked, kind, {"form": form, "rows": [(bound, "") for bound in form]} | more, status)


def _save(thing: Any, asked: Step, form: SectionForm, *, by: Any, done: bool | None) -> Any:
    return draft.save_section(
        thing, asked, form.columns(), version=form.typed_version, by=by, done=done, beside=form.beside()
    )


def _status(thing: Any, step: Step) -> tuple[Promise, str]:
    if thing.is_done(step.name) and steps.is_complete(thing, step):
        return COMPLETED, ""
    if steps.version_of(thing, step.name):
        return STARTED, "info"
    if any(_is_said(thing, name) for name in step.required):
        return PREFILLED, "wait"
    return (OPTIONAL, "") if step.is_optional else (UNTOUCHED, "off")


def _is_said(thing: Any, name: str) -> bool:
    """Whether a column says more than it does from the beginning."""
    value = getattr(thing, steps.column(thing, name))
    return not steps.is_blank(value) and value != thing._meta.get_field(name).get_default()


def _both(request: HttpRequest, thing: Any, asked: Step, kind: Drafting, conflict: Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    thing.refresh_from_db()
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    form = form_of(thing, asked, kind, data)
    held = form_of(thing, asked, kind)
    rows = drafting.both(form, held)
    form.errors.clear()  # what is missing is said when it is sent
    saver = User.objects.filter(pk=thing.steps.get(asked.name, {}).get("by")).first()
    context = {"form": form, "rows": rows, "conflict": conflict, "saver": saver}
    return _drawn(request, thing, asked, kind, context, conflict.status)


def _drawn(
    request: HttpRequest, thing: Any, asked: Step, kind: Drafting, context: dict[str, Any], status: int
) -> HttpResponse:
    names = [each.name for each in kind.steps]
    about = frame(thing, kind) | {
        "step": asked,
        "number": names.index(asked.name) + 1,
        "total": len(names),
        "saved_at": thing.steps.get(asked.name, {}).get("at", ""),
        "save_url": kind.url("save", thing, asked.name),
    }
    templates = [f"donations/{kind.name}_section_{asked.name}.html", f"donations/section_{asked.name}.html"]
    return render(request, [*templates, "donations/section.html"], about | context, status=status)
