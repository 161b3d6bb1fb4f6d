"""The desk's page of demand: what is asked for and what there is, and who could open the next instrument."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from instruments.enums import InstrumentState
from instruments.models import Agreement, Instrument
from portal.core.access import staff_only
from portal.core.paging import page_of
from portal.core.tables import FORMATS, table_response
from portal.pages.demand.counting import count
from portal.pages.demand.forms import DemandFilter
from portal.pages.demand.ranking import Pair, Sought, pairs, sought

MOST_SOUGHT = 12
MOST_WAITING = 10
RUNNING_OUT = timedelta(days=90)
PAIRS = (
    _("Technique"),
    _("Country"),
    _("People who wish to hear"),
    _("Applications"),
    _("Hours asked for"),
    _("Hours granted"),
    _("Hours in open calls open to it"),
)
TECHNIQUES = (
    _("Technique"),
    _("People who wish to hear"),
    _("Countries"),
    _("Applications"),
    _("Hours asked for"),
    _("Hours granted"),
    _("Hours on offer"),
    _("Instruments listed"),
    _("Instruments proposed"),
    _("Contributors"),
    _("Why"),
)


@require_safe
@staff_only
def demand(request: HttpRequest) -> HttpResponseBase:
    """Filters that make no sense are answered 400 and leave everything in; `?table=` and `?format=`: to keep."""
    moment = timezone.now()
    form = DemandFilter(request.GET, moment=moment)
    is_valid = form.is_valid()
    here = form.countries() if is_valid else None
    since, until = form.window() if is_valid else (moment - timedelta(days=365), moment)
    counted = count(since, until, moment, here)
    ranked, crossed = sought(counted, here), pairs(counted)
    if is_valid and request.GET.get("format") in FORMATS:
        if request.GET.get("table") == "techniques":
            rows = _technique_cells(ranked, form.where())
            return table_response(request.GET["format"], "demand-techniques", TECHNIQUES, rows)
        return table_response(request.GET["format"], "demand", PAIRS, _pair_cells(crossed))
    context = {
        "filter": form,
        "query": _query(form) if is_valid else "",
        "ranked": [(row, row.reasons(form.where() if is_valid else "")) for row in ranked[:MOST_SOUGHT]],
        "more": max(0, len(ranked) - MOST_SOUGHT),
        "bars": _bars(ranked[:MOST_SOUGHT]),
        "page_obj": page_of(request, crossed),
        "contributors": [(counted.techniques[pk], number) for pk, number in counted.contributors.most_common()],
        **_pipeline(moment),
    }
    if not is_valid:
        context["form"] = form  # its errors head the page
    return render(request, "pages/demand.html", context, status=200 if is_valid else 400)


def _pipeline(moment: datetime) -> dict[str, Any]:
    """What laboratories have proposed, and agreements that end soon with nothing to follow them."""
    proposed = Instrument.objects.filter(state__in=[InstrumentState.PROPOSED, InstrumentState.RETURNED])
    ending = Agreement.objects.ending_by((moment + RUNNING_OUT).date())
    return {
        "proposed": proposed.select_related("organisation").order_by("updated_at", "pk")[:MOST_WAITING],
        "ending": ending.select_related("instrument", "organisation")[:MOST_WAITING],
    }


def _bars(rows: list[Sought]) -> list[tuple[Sought, float, float]]:
    """(technique, width of what was asked for, width of what was to be had), of 100."""
    longest = max([1, *(max(row.asked, row.to_be_had) for row in rows)])
    shown = [row for row in rows if row.asked or row.to_be_had]
    return [(row, round(100 * row.asked / longest, 1), round(100 * row.to_be_had / longest, 1)) for row in shown]


def _query(form: DemandFilter) -> str:
    """The filters as they stand in an address, before what else is asked."""
    return "".join(f"{name}={value}&" for name, value in form.cleaned_data.items() if value)


def _pair_cells(rows: list[Pair]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        cell = row.cell
        numbers = (cell.people, cell.applications, cell.asked / 60, cell.granted / 60, row.offered / 60)
        yield row.technique.name, row.country_name, *numbers


def _technique_cells(rows: list[Sought], where: str) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        hours = (row.asked / 60, row.granted / 60, row.offered / 60)
        benches = (row.listed, row.proposed, row.contributors)
        reasons = " ".join(row.reasons(where))
        yield row.technique.name, row.people, row.countries, row.applications, *hours, *benches, reasons
