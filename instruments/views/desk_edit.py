"""The forms behind an instrument's desk page: texts, units, opening hours, policy, closures."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from instruments import actions, preview
from instruments.forms import ClosureForm, HoursForm, InstrumentForm, PolicyForm, UnitsForm
from instruments.models import Instrument, Policy
from instruments.views.desk import managed, show
from portal.core import drafting
from portal.core.errors import Conflict, Refused

MOMENT = len("2027-03-22T09:00")
NAMED = 20


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What is said of it. What somebody else saved meanwhile is shown beside (409)."""
    instrument = managed(request, slug)
    form = InstrumentForm(request.POST or None, instance=instrument, for_staff=request.user.is_staff)
    seen = request.POST.get("version", "")
    version = seen or actions.version_of_instrument(instrument)
    try:
        return _answer(
            request,
            instrument,
            form,
            "desk_form",
            lambda: actions.update_instrument(instrument, by=request.user, version=seen, **form.cleaned_data),
            version=version,
        )
    except Conflict as conflict:
        return _both(request, slug, conflict)


def _both(request: HttpRequest, slug: str, conflict: Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    instrument = managed(request, slug)
    form, held = (
        InstrumentForm(data, instance=instrument, for_staff=request.user.is_staff) for data in (request.POST, None)
    )
    rows = drafting.both(form, held)
    context = {"instrument": instrument, "form": form, "rows": rows, "version": conflict.version, "conflict": conflict}
    return render(request, "instruments/desk_form.html", context, status=conflict.status)


@login_required
def hours(request: HttpRequest, slug: str) -> HttpResponse:
    instrument = managed(request, slug)
    form = HoursForm(list(instrument.opening_hours.all()), request.POST or None)
    return _answer(
        request,
        instrument,
        form,
        "desk_hours",
        lambda: actions.set_opening_hours(instrument, form.stretches, by=request.user),
        preview=lambda: preview.of_hours(instrument, form.stretches),
    )


@login_required
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    instrument = managed(request, slug)
    row = Policy.objects.filter(instrument=instrument).first() or Policy(instrument=instrument)
    form = PolicyForm(row, request.POST or None)
    return _answer(
        request,
        instrument,
        form,
        "desk_policy",
        lambda: actions.set_policy(instrument, by=request.user, **form.cleaned_data),
        preview=lambda: preview.of_policy(row, form.cleaned_data),
    )


@login_required
def units(request: HttpRequest, slug: str) -> HttpResponse:
    instrument = managed(request, slug)
    form = UnitsForm(instrument, request.POST or None)
    return _answer(
        request, instrument, form, "desk_units", lambda: actions.set_units(instrument, form.lines, by=request.user)
    )


@login_required
def closures(request: HttpRequest, slug: str) -> HttpResponse:
    """The coming closures, and the form for one more; `?starts=2027-03-22T09:00&ends=` fill it in."""
    instrument = managed(request, slug)
    asked = {name: request.GET.get(name, "")[:MOMENT].replace("\0", "") for name in ("starts", "ends", "unit")}
    form = ClosureForm(instrument, request.POST or None, initial=asked)

    def save() -> list[Any]:
        typed = form.cleaned_data
        _closure, in_the_way = actions.add_closure(
            instrument, typed["starts"], typed["ends"], typed["reason"], by=request.user, unit=typed["unit"]
        )
        return in_the_way

    return _answer(
        request,
        instrument,
        form,
        "desk_closures",
        save,
        "desk_instruments:closures",
        preview=lambda: preview.of_closure(instrument, form.cleaned_data["starts"], form.cleaned_data["ends"]),
        closures=instrument.closures.ending_after(timezone.now()).select_related("unit"),
    )


@login_required
@require_POST
def remove_closure(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    instrument = managed(request, slug)
    actions.remove_closure(get_object_or_404(instrument.closures, pk=pk), by=request.user)
    messages.success(request, _("The closure is removed."))
    return redirect("desk_instruments:closures", instrument.slug)


def _answer(
    request: HttpRequest,
    instrument: Instrument,
    form: Any,
    template: str,
    save: Callable[[], Any],
    next_page: str = "desk_instruments:detail",
    *,
    preview: Callable[[], dict[str, Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form; on a good POST `save` and go on, on a bad one show it again with the sentences, 4xx.

    `save` may return the rows that no longer fit. The button `preview` shows what saving would do instead.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if preview and "preview" in request.POST:
                    context["preview"] = preview() | {"in_the_way": actions.tried(save)}
                    status = 200
                else:
                    _warn(request, save())
                    messages.success(request, _("Saved."))
                    return redirect(next_page, instrument.slug)
            except Conflict:
                raise
            except Refused as error:
                show(form, error)
                status = error.status
    context |= {"instrument": instrument, "form": form}
    return render(request, f"instruments/{template}.html", context, status=status)


def _warn(request: HttpRequest, in_the_way: Any) -> None:
    """Say which bookings no longer fit: they stand until somebody moves or cancels them."""
    if not isinstance(in_the_way, list) or not in_the_way:
        return
    sentence = ngettext(
        "%(count)d booking no longer fits and stands until moved or cancelled: %(list)s. Its people are told.",
        "%(count)d bookings no longer fit and stand until moved or cancelled: %(list)s. Their people are told.",
        len(in_the_way),
    )
    named = ", ".join(map(str, in_the_way[:NAMED])) + (" …" if len(in_the_way) > NAMED else "")
    messages.warning(request, sentence % {"count": len(in_the_way), "list": named})
