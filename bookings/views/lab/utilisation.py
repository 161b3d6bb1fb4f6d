"""What the instruments were used for: hours by instrument and week, as bars, as a table, and for a spreadsheet."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.facts import Facts
from bookings.slots import DAY
from bookings.utilisation import Figures, Usage, usage_of
from bookings.views.lab.common import instruments_run
from bookings.week import monday_of, week_name, window_of
from instruments.querysets import PUBLIC
from portal.accounts.requests import SignedInRequest
from portal.core.paging import page_of
from portal.core.tables import FORMATS, table_response

PER_PAGE = 10
LENGTHS = (4, 8, 13, 26)


@login_required
@require_safe
def utilisation(request: SignedInRequest) -> HttpResponseBase:
    """`?weeks=8` up to and with `?until=2027-W12`; `?as=csv` or `xlsx` for all instruments."""
    instruments = instruments_run(request).filter(state__in=PUBLIC)
    mondays = _mondays(request)
    if (kind := request.GET.get("as", "")) in FORMATS:
        rows = _rows(_usage(list(instruments), mondays), mondays)
        return table_response(kind, "utilisation", _header(), rows)
    page = page_of(request, instruments, PER_PAGE)
    usages = _usage(list(page), mondays)
    context = {
        "page": page,
        "usages": [(usage, [_bar(*pair) for pair in zip(mondays, usage.weeks, strict=True)]) for usage in usages],
        "total": sum((usage.total for usage in usages), start=Figures()),
        "first": mondays[0],
        "last": mondays[-1] + 6 * DAY,
        "weeks": len(mondays),
        "lengths": LENGTHS,
        "until": week_name(mondays[-1]),
        "previous": week_name(mondays[0] - 7 * DAY),
        "next": week_name(mondays[-1] + len(mondays) * 7 * DAY),
    }
    return render(request, "bookings/lab_utilisation.html", context)


def _mondays(request: SignedInRequest) -> list[date]:
    """The Mondays of the weeks asked about, the last one the present week where none is named."""
    asked = request.GET.get("weeks", "")
    count = int(asked) if asked in map(str, LENGTHS) else LENGTHS[1]
    last = monday_of(request.GET.get("until", ""), timezone.localdate())
    return [last - (count - 1 - number) * 7 * DAY for number in range(count)]


def _usage(instruments: Sequence[Any], mondays: Sequence[date]) -> list[Usage]:
    window = window_of(mondays[0], timezone.get_current_timezone(), 7 * len(mondays))
    return usage_of(Facts.read_many(instruments, window), mondays)


def _bar(monday: date, figures: Figures) -> dict[str, Any]:
    """A week's figures with the parts of its bar, in percent of what was open (or of more, where more was booked)."""
    whole = max(figures.open, figures.booked, 1)
    parts, at = [], 0.0
    rest = max(figures.booked - figures.used - figures.missed - figures.failed, 0)
    for kind, minutes in (
        ("used", figures.used),
        ("missed", figures.missed),
        ("failed", figures.failed),
        ("rest", rest),
    ):
        width = 100 * minutes / whole
        if minutes:
            parts.append({"kind": kind, "x": f"{at:.2f}%", "width": f"{width:.2f}%"})
        at += width
    return {"monday": monday, "figures": figures, "parts": parts, "open": f"{100 * figures.open / whole:.2f}%"}


def _header() -> list[str]:
    return [
        _("Instrument"),
        _("Laboratory"),
        _("Week from"),
        _("Open (hours)"),
        _("Booked (hours)"),
        _("Used (hours)"),
        _("Missed (hours)"),
        _("Failed (hours)"),
        _("Booked of open (%)"),
        _("Used of open (%)"),
    ]


def _rows(usages: Iterable[Usage], mondays: Sequence[date]) -> Iterable[list[Any]]:
    for usage in usages:
        instrument = usage.facts.instrument
        for monday, week in zip(mondays, usage.weeks, strict=True):
            hours = [
                round(minutes / 60, 2) for minutes in (week.open, week.booked, week.used, week.missed, week.failed)
            ]
            percents = [week.booked_percent, week.used_percent]
            yield [instrument.name, instrument.organisation.name, monday, *hours, *percents]
