"""The desk's list of awards with its bulk deed and exports, and the hours of every instrument."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from calls.actions import award as actions
from calls.forms.award_filter import AwardFilterForm
from calls.models import Award
from portal.core.access import staff_only
from portal.core.paging import page_of
from portal.core.tables import FORMATS, table_response

FIGURES = ("granted", "booked", "used", "left", "lost")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def award_list(request: HttpRequest) -> HttpResponseBase:
    """Every award, narrowed; `?as=csv` or `xlsx` as a table; on POST those ticked are asked for overdue reports."""
    today = timezone.now().date()
    if request.method == "POST":
        return _remind(request)
    form = AwardFilterForm(request.GET)
    awards = form.rows(today).for_list()
    if request.GET.get("as") in FORMATS:
        return table_response(request.GET["as"], "awards", _header(), _lines(awards))
    context = {"page_obj": page_of(request, awards), "filters": form, "today": today, "query": _query(request)}
    return render(request, "calls/desk_award_list.html", context)


@require_safe
@staff_only
def instrument_hours(request: HttpRequest) -> HttpResponseBase:
    """Hours granted, booked, used and left, an instrument a line; those of one call with `?call=`."""
    form = AwardFilterForm(request.GET)
    rows = form.rows(timezone.now().date()).hours_by_instrument()
    if request.GET.get("as") in FORMATS:
        header = [_("Instrument"), _("Granted"), _("Booked"), _("Used"), _("Left"), _("Lost")]
        hours = ([row["name"], *(row[name] / 60 for name in FIGURES)] for row in rows)
        return table_response(request.GET["as"], "instrument-hours", header, hours)
    context = {"rows": rows, "filters": form, "query": _query(request)}
    return render(request, "calls/desk_instrument_hours.html", context)


def _remind(request: HttpRequest) -> HttpResponse:
    chosen = Award.objects.filter(ref__in=[ref.replace("\0", "") for ref in request.POST.getlist("row")])
    number = actions.remind_overdue(chosen, by=request.user)
    if number:
        words = ngettext("%(number)s holder is reminded.", "%(number)s holders are reminded.", number)
        messages.success(request, words % {"number": number})
    else:
        messages.warning(request, _("None of those ticked owes a report."))
    return redirect(request.get_full_path())


def _header() -> list[str]:
    return [
        _("Reference"), _("Title"), _("What it gives"), _("Instrument"), _("Call"), _("Holder"), _("Email"),
        _("Organisation"), _("Country"), _("State"), _("Hours granted"), _("Hours left"), _("First day"),
        _("Last day"), _("Report due"),
    ]  # fmt: skip


def _lines(awards: Any) -> Iterator[list[Any]]:
    for award in awards.iterator(chunk_size=500):
        yield [
            award.ref, award.title, award.get_kind_display(), award.instrument.name if award.instrument else "",
            award.call.title if award.call else "", award.holder.name, award.holder.email, award.organisation.name,
            award.organisation.country.code, award.get_state_display(), award.granted_minutes / 60,
            award.balance_minutes / 60, award.valid_from, award.valid_until, award.report_due_on,
        ]  # fmt: skip


def _query(request: HttpRequest) -> str:
    """The filters as they are, for links that lead to the same rows in another form."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("as", None)
    return query.urlencode()
