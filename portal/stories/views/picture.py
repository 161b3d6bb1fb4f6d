"""The pictures of a story, an event or an instrument: added, described, cropped and removed by who may change it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from instruments.models import Instrument
from portal.core import drafting
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Conflict
from portal.stories.actions import picture as actions
from portal.stories.actions.picture.holding import EDIT
from portal.stories.actions.story import asked_if_changed
from portal.stories.enums import PictureState, StoryState
from portal.stories.forms.picture import CropForm, PictureForm
from portal.stories.models import Event, Story

KINDS: dict[str, Any] = {"stories": Story, "events": Event, "instruments": Instrument}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The pictures with a form for one more; with `?rows` only the pictures, for a page that waits for a worker."""
    thing = _thing(request, kind, slug)
    rows = list(thing.pictures.drawn())
    is_waiting = any(row.state == PictureState.WAITING for row in rows)
    context: dict[str, Any] = {"thing": thing, "kind": kind, "rows": rows, "is_waiting": is_waiting}
    context["is_closed"] = _is_closed(thing)
    if request.method != "POST" and "rows" in request.GET:
        response = render(request, "stories/_picture_rows.html", context)
        if not is_waiting:
            response["X-Stop"] = "1"
        return response
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    status = done_with(
        request,
        form,
        lambda typed: actions.add_picture(thing, typed["file"], _words(typed), by=request.user),
        _("The picture is kept. It is being prepared, which takes a few seconds."),
    )
    if status == DONE:
        return redirect(_address(kind, slug))
    most = actions.most_pictures(thing)
    context |= {"form": form, "most": most, "is_full": len(rows) >= most}
    context["asked"] = _asked(thing, request.user)
    return render(request, "stories/pictures.html", context | _ways(thing, request.user), status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, kind: str, slug: str, pk: int) -> HttpResponse:
    """Words, crop and place of one of them. What somebody else saved meanwhile is shown beside (409)."""
    thing = _thing(request, kind, slug)
    if _is_closed(thing):
        return redirect(_address(kind, slug))
    row, form = _form_of(thing, pk, request.POST if request.method == "POST" else None)
    rows = [(bound, "") for bound in form]
    status = done_with(
        request,
        form,
        lambda _typed: actions.change_picture(row, form.typed(row), by=request.user, version=form.typed_version),
        _("The picture is changed."),
    )
    if status == DONE:
        return redirect(_address(kind, slug))
    if status == Conflict.status:
        row, form, rows = _both(request, thing, pk)
    context = {
        "thing": thing,
        "kind": kind,
        "row": row,
        "form": form,
        "rows": rows,
        "conflict": status == Conflict.status,
        "list_url": _address(kind, slug),
        "asked": _asked(thing, request.user),
    }
    return render(request, "stories/picture_change.html", context, status=status)


@login_required
@require_POST
def remove(request: HttpRequest, kind: str, slug: str, pk: int) -> HttpResponse:
    thing = _thing(request, kind, slug)
    row = get_object_or_404(thing.pictures, pk=pk)
    done(request, lambda: actions.remove_picture(row, by=request.user), _("The picture is removed."))
    return redirect(_address(kind, slug))


@login_required
@require_POST
def again(request: HttpRequest, kind: str, slug: str, pk: int) -> HttpResponse:
    """Have one drawn once more that could not be."""
    thing = _thing(request, kind, slug)
    row = get_object_or_404(thing.pictures, pk=pk)
    done(request, lambda: actions.try_again(row, by=request.user), _("The picture is being prepared once more."))
    return redirect(_address(kind, slug))


def _form_of(thing: Any, pk: int, data: Any) -> tuple[Any, CropForm]:
    """The picture with its drawings, and the form that changes it. Raises Http404."""
    rows = list(thing.pictures.drawn())
    row = next((row for row in rows if row.pk == pk), None)
    if row is None:
        raise Http404
    return row, CropForm(data, row, len(rows), rows.index(row) + 1)


def _both(request: HttpRequest, thing: Any, pk: int) -> tuple[Any, CropForm, list[tuple[Any, str]]]:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    row, held = _form_of(thing, pk, None)
    data = request.POST.copy()
    data["version"] = str(row.version)
    _row, form = _form_of(thing, pk, data)
    return row, form, drafting.both(form, held)


def _is_closed(thing: Any) -> bool:
    """Whether its pictures stay as they are: those of a story put away, or of an instrument no longer offered."""
    if isinstance(thing, Instrument):
        return thing.is_final
    return isinstance(thing, Story) and thing.state == StoryState.ARCHIVED


def _asked(thing: Any, user: Any) -> list[Any]:
    """Those shown in a story who are asked again when its pictures change."""
    return asked_if_changed(thing, by=user) if isinstance(thing, Story) else []


def _thing(request: HttpRequest, kind: str, slug: str) -> Any:
    """The story, event or instrument, if this person may change it. Raises Http404 and PermissionDenied."""
    if kind not in KINDS:
        raise Http404
    model = KINDS[kind]
    thing: Any = get_object_or_404(model.objects.visible_to(request.user), slug=slug)
    if not request.user.has_perm(EDIT[model], thing):
        raise PermissionDenied
    return thing


def _address(kind: str, slug: str) -> str:
    return reverse("picture_pages:list", args=[kind, slug])


def _ways(thing: Any, user: Any) -> dict[str, str]:
    """Where this person came from, and where they go on."""
    if isinstance(thing, Instrument):
        back_url, back = reverse("desk_instruments:detail", args=[thing.slug]), _("The instrument")
    elif isinstance(thing, Event):
        back_url, back = reverse("desk_events:event", args=[thing.slug]), _("The event")
    elif thing.sent_by_id == user.pk:
        back_url, back = reverse("stories:edit", args=[thing.slug]), _("The text")
        return {"back_url": back_url, "back": back, "next_url": reverse("stories:check", args=[thing.slug])}
    else:
        back_url, back = reverse("desk_stories:story", args=[thing.slug]), _("The story")
    return {"back_url": back_url, "back": back, "next_url": back_url}


def _words(typed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if name != "file"}
