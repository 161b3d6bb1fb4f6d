"""The desk of equipment: what is in which state since when, on boards and as tables to keep."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from donations.boards import BOARDS, Board
from donations.forms.board import BoardFilter
from instruments.models import EquipmentCategory
from portal.core.access import staff_only
from portal.core.paging import page_of
from portal.core.tables import FORMATS, table_response

HEADER = (
    gettext_lazy("Reference"),
    gettext_lazy("What"),
    gettext_lazy("Number"),
    gettext_lazy("Who"),
    gettext_lazy("Country"),
    gettext_lazy("State"),
    gettext_lazy("Since"),
    gettext_lazy("Days"),
)
AT_ONCE = 500  # rows that an export reads


@require_safe
@staff_only
def index(request: HttpRequest) -> HttpResponseBase:
    """Every board in numbers: how many are in each open state, and how long the oldest has been."""
    now = timezone.now()
    rooms = [(board, _numbers(board, now)) for board in BOARDS.values()]
    return render(request, "donations/desk_index.html", {"rooms": rooms})


@require_safe
@staff_only
def board(request: HttpRequest, what: str) -> HttpResponseBase:
    """What is open, by state; with `?state=` all of that state, paged. `?format=` gives the same as a table to keep."""
    asked = BOARDS[what]
    categories = EquipmentCategory.objects.all() if asked.category else None
    form = BoardFilter(request.GET, asked.states, categories, asked.codes())
    wanted = form.cleaned_data if form.is_valid() else {}
    if form.is_valid() and request.GET.get("format") in FORMATS:
        rows = asked.rows(wanted).iterator(AT_ONCE)
        return table_response(request.GET["format"], f"equipment-{asked.name}", HEADER, _cells(asked, rows))
    now = timezone.now()
    context: dict[str, Any] = {
        "board": asked,
        "boards": BOARDS.values(),
        "filter": form,
        "form": form,
        "rest": _rest(request),
    }
    if form.is_valid():
        context |= _of_state(request, asked, wanted, now) if wanted["state"] else _columns(asked, wanted, now)
    return render(request, "donations/desk_board.html", context, status=200 if form.is_valid() else 400)


def days_in_words(since: datetime, now: datetime) -> str:
    """For how many days, or in how many; never broken into two lines."""
    days = (now - since).days
    words = _("today")
    if days < 0:
        words = ngettext("in %(days)d day", "in %(days)d days", -days) % {"days": -days}
    elif days > 0:
        words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _numbers(board: Board, now: datetime) -> list[tuple[Any, int, str]]:
    """(state, how many, how long the oldest) of the open states."""
    found = board.summary({})
    lines = [(state, *found.get(state.value, (0, None))) for state in board.open_states()]
    return [(state, number, days_in_words(oldest, now) if oldest else "") for state, number, oldest in lines]


def _columns(board: Board, wanted: dict[str, str], now: datetime) -> dict[str, Any]:
    numbers = board.summary(wanted)
    columns = board.columns(wanted)
    return {
        "columns": [
            (state, numbers.get(state.value, (0, None))[0], [_line(board, row, now) for row in columns[state.value]])
            for state in board.open_states()
        ],
        "over": [(state, numbers[state.value][0]) for state in board.states if _is_over(board, state, numbers)],
    }


def _is_over(board: Board, state: Any, numbers: dict[str, Any]) -> bool:
    return state in board.over and state.value in numbers


def _of_state(request: HttpRequest, board: Board, wanted: dict[str, str], now: datetime) -> dict[str, Any]:
    page = page_of(request, board.rows(wanted))
    return {"page_obj": page, "lines": [_line(board, row, now) for row in page], "state": board.states(wanted["state"])}


def _line(board: Board, row: Any, now: datetime) -> dict[str, Any]:
    return {
        "row": row,
        "page": board.page,
        "ref": board.named(row).ref,
        "what": str(board.what(row)),
        "who": board.who(row),
        "place": board.place(row),
        "number": board.number(row),
        "since": row.since,
        "days": days_in_words(row.since, now),
    }


def _cells(board: Board, rows: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    now = timezone.now()
    for row in rows:
        yield (
            board.named(row).ref,
            str(board.what(row)),
            board.number(row),
            str(board.who(row)),
            board.place(row),
            row.get_state_display(),
            row.since,
            (now - row.since).days,
        )


def _rest(request: HttpRequest) -> str:
    """The filters but the state and the page, for links that choose another state."""
    kept = request.GET.copy()
    for name in ("state", "page", "format"):
        kept.pop(name, None)
    return kept.urlencode()
