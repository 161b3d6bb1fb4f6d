"""The page of the figures, and each of its tables as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.kept import public_page
from portal.core.tables import CSV, table_response
from portal.pages.impact.asking import Asked, asked
from portal.pages.impact.tables import Table
from portal.pages.impact.tiles import map_of
from portal.stories.enums import EventState
from portal.stories.event_figures import SMALLEST
from portal.stories.models import Event

PAGE = "pages/impact.html"
MOST_EVENTS = 10


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    """The kept figures under the filters asked for; filters that make no sense are answered 400 with all figures."""
    found = asked(request.GET)
    if found is None:
        return render(request, PAGE, {"events": _told_events()})
    context = {**_shown(found), "events": _told_events(), "query": _query(request)}
    if not found.is_valid:
        context["form"] = found.form  # its errors head the page
    return render(request, PAGE, context, status=200 if found.is_valid else 400)


@require_safe
def table(request: HttpRequest, name: str) -> HttpResponseBase:
    """One table under the filters, with every column."""
    found = asked(request.GET)
    if found is None:
        raise Http404
    if not found.is_valid:
        return index(request)
    shown = found.figures.tables().get(name)
    if shown is None:
        raise Http404
    header = [_("Code"), shown.head, *(measure.label for measure in shown.measures)]
    rows = ([line.code, line.name, *line.words] for line in shown.lines)
    return table_response(CSV, f"impact-{name}-{found.row.until}", [str(cell) for cell in header], rows)


def _shown(found: Asked) -> dict[str, Any]:
    tables = found.figures.tables()
    return {
        "filter": found.form,
        "row": found.row,
        "counted_at": found.counted_at,
        "chosen": found.figures.chosen,
        "totals": _with_numbers(tables["totals"]),
        "map": map_of(tables["countries"]),
        "countries": tables["countries"].brief("minutes", "sessions", "researchers"),
        "tables": [tables[name].brief() for name in ("years", "regions", "techniques")],
        "people": tables["people"],
    }


def _with_numbers(totals: Table) -> list[tuple[Any, str, bool]]:
    """(what is counted, the number as people read it, whether it is words instead) of what is not nought."""
    return [(line.label, cells[0][1], isinstance(line.cells[0], str)) for line, cells in totals.rows if line.cells[0]]


def _query(request: HttpRequest) -> str:
    """The filters as they stand, for the addresses of the files."""
    kept = request.GET.copy()
    for name in list(kept):
        if name not in ("year", "region", "technique", "until") or not kept[name]:
            del kept[name]
    return f"?{kept.urlencode()}" if kept else ""


def _told_events() -> list[tuple[Event, int | None]]:
    """(event, women among its people) of those whose figures come from elsewhere: shown apart, added to nothing.

    As on their own pages, women are told only where neither they nor the others are few.
    """
    told = Event.objects.filter(state=EventState.CLOSED, people__gte=SMALLEST).exclude(source="")
    return [(event, _women_of(event)) for event in told.order_by("-starts_at")[:MOST_EVENTS]]


def _women_of(event: Event) -> int | None:
    if event.people is None or event.women is None:
        return None
    return event.women if min(event.women, event.people - event.women) >= SMALLEST else None
