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
from instruments.models import Instrument
from instruments.views.desk import managed, show
from portal.core import drafting
from portal.core.errors import Conflict, Refused

MOMENT = len("2027-03-22T09:00")
NAMED = 20


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What is said of it."""
    instrument = managed(request, slug)
    for_staff = request.user.is_staff
    form = InstrumentForm(request.POST or None, instance=instrument, for_staff=for_staff)
    seen = _seen(request)
    return _answer(
        request,
        instrument,
        form,
        "desk_form",
        lambda: actions.update_instrument(instrument, by=request.user, version=seen, **form.cleaned_data),
        both=lambda: drafting.both(form, InstrumentForm(instance=managed(request, slug), for_staff=for_staff)),
        version=seen or actions.version_of_instrument(instrument),
    )


@login_required
def hours(request: HttpRequest, slug: str) -> HttpResponse:
    """The week."""
    instrument = managed(request, slug)
    held = list(instrument.opening_hours.all())
    form = HoursForm(held, request.POST or None)
    seen = _seen(request)
    return _answer(
        request,
        instrument,
        form,
        "desk_hours",
        lambda: actions.set_opening_hours(instrument, form.stretches, by=request.user, version=seen),
        preview=lambda: preview.of_hours(instrument, form.stretches),
        both=lambda: list(form.days(preview.of_hours(instrument, form.stretches)["week"])),
        version=seen or actions.version_of_hours(held),
    )


@login_required
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """How it is booked."""
    instrument = managed(request, slug)
    row = actions.policy_of(instrument)
    form = PolicyForm(row, request.POST or None)
    seen = _seen(request)
    return _answer(
        request,
        instrument,
        form,
        "desk_policy",
        lambda: actions.set_policy(instrument, by=request.user, version=seen, **form.cleaned_data),
        preview=lambda: preview.of_policy(row, form.cleaned_data),
        both=lambda: drafting.both(form, PolicyForm(actions.policy_of(instrument))),
        version=seen or actions.version_of_policy(row),
    )


@login_required
def units(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is made up of."""
    instrument = managed(request, slug)
    held = list(instrument.units.all())
    form = UnitsForm(held, request.POST if request.method == "POST" else None)
    seen = _seen(request)
    return _answer(
        request,
        instrument,
        form,
        "desk_units",
        lambda: actions.set_units(instrument, form.lines, by=request.user, version=seen),
        both=lambda: list(UnitsForm(list(instrument.units.all()), request.POST).fieldsets(both=True)),
        version=seen or actions.version_of_units(held),
    )


def _seen(request: HttpRequest) -> str:
    """The version of what the form was made of; empty before it was."""
    return request.POST.get("version", "")


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
    both: Callable[[], list[Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form; on a good POST `save` and go on, on a bad one show it again with the sentences, 4xx.

    `save` may return the rows that no longer fit. The button `preview` shows what saving would do instead. What
    somebody else saved meanwhile is shown beside what was typed, as the rows of `both`; sent again, the form carries
    the stored version and so may replace it.
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
            except Conflict as conflict:
                status = conflict.status
                context |= {"conflict": conflict, "version": conflict.version, "rows": both() if both else []}
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
