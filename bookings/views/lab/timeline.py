"""The units of a laboratory over a week or a day: bars that lead on, and the same as a list."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.enums import BookingState
from bookings.facts import Facts
from bookings.models import Booking
from bookings.slots import DAY
from bookings.timeline import Lane, Piece, Scale, lanes_of, scale_of
from bookings.views.lab.common import instruments_run, pks, units_of
from bookings.week import day_called, monday_of, week_name, window_of
from instruments.models import Technique
from portal.accounts.requests import SignedInRequest
from portal.core.dates import date_format
from portal.core.paging import page_of
from portal.core.times import Spans, clock_changes, clock_text, zone_words

PER_PAGE = 12
ROOM_FOR_A_NAME = 7  # percent of the drawing
MOST_HOURS = 13  # whose clock times have room above a day


@login_required
@require_safe
def timeline(request: SignedInRequest) -> HttpResponse:
    """`?week=2027-W12` or `?day=2027-03-22`, `?technique=` for those of one technique."""
    run = instruments_run(request)
    techniques = Technique.objects.filter(instruments__in=run.order_by().values("pk")).distinct()
    technique = request.GET.get("technique", "").replace("\0", "")
    page = page_of(request, run.of_technique(technique) if technique else run, PER_PAGE)
    now, zone = timezone.now(), timezone.get_current_timezone()
    first, count = _asked(request, now.astimezone(zone).date())
    lanes, scale = _read(list(page), first, count, zone, now)
    last = first + (count - 1) * DAY
    context = {
        "page": page,
        "technique": technique,
        "techniques": techniques,
        "groups": list(_drawn(lanes, scale, zone)),
        "ticks": list(_ticks(scale, zone, _filter(technique))),
        "lines": [f"{100 * number / _parts(scale):.3f}%" for number in range(1, _parts(scale))],
        "first": first,
        "last": last,
        "is_day": count == 1,
        "zone_words": zone_words(zone),
        "zones": sorted({lane.facts.zone.key for lane in lanes} - {zone.key}),
        "changes": [
            (place, change) for place in {zone, *_zones(lanes)} for change in clock_changes(first, last, place)
        ],
        "previous": _address(first - count * DAY, count, technique),
        "next": _address(first + count * DAY, count, technique),
        "week": week_name(first),
        "today": now.astimezone(zone).date(),
    }
    return render(request, "bookings/lab_timeline.html", context)


def _asked(request: SignedInRequest, today: date) -> tuple[date, int]:
    """The first day, and one or seven days."""
    if day := day_called(request.GET.get("day", "")):
        return day, 1
    return monday_of(request.GET.get("week", ""), today), 7


def _read(instruments: list[Any], first: date, count: int, zone: ZoneInfo, now: datetime) -> tuple[list[Lane], Scale]:
    """Three statements, whatever the number of instruments: the facts, their units, the bookings."""
    window = window_of(first, zone, count)
    many = Facts.read_many(instruments, window)
    rows = Booking.objects.keeping(units_of(pks(instruments)), window).for_page().in_order()
    lanes = lanes_of(many, rows, now)
    return lanes, scale_of(first, count, zone, lanes)


def _zones(lanes: Iterable[Lane]) -> set[ZoneInfo]:
    return {lane.facts.zone for lane in lanes}


def _drawn(lanes: Iterable[Lane], scale: Scale, zone: ZoneInfo) -> Iterable[dict[str, Any]]:
    """The lanes with the places, words and addresses of their pieces."""
    spans = Spans(zone)
    for lane in lanes:
        pieces = [_piece(lane, piece, scale, spans) for piece in lane.pieces]
        yield {
            "instrument": lane.facts.instrument,
            "facts": lane.facts,
            "unit": lane.unit,
            "is_active": lane.is_active,
            "pieces": pieces,
            "bars": sorted(  # bookings are drawn last, over a closure that runs into them
                (piece for piece in pieces if piece["width"] != "0.000%"), key=lambda piece: bool(piece["booking"])
            ),
        }


def _piece(lane: Lane, piece: Piece, scale: Scale, spans: Spans) -> dict[str, Any]:
    """A piece as the page shows it; what lies outside the columns has no width."""
    start, end = scale.place(piece.span.start), scale.place(piece.span.end)
    words = {
        "day": date_format(piece.span.start.astimezone(spans.zone), _("D j F")),
        "span": spans.text(piece.span.start, piece.span.end),
        "what": _what(piece),
    }
    return {
        "piece": piece,
        "look": piece.look,
        "booking": piece.booking,
        "start": piece.span.start,
        "end": piece.span.end,
        "x": f"{start:.3f}%",
        "width": f"{end - start:.3f}%",
        "is_wide": end - start >= ROOM_FOR_A_NAME,
        "words": _("%(what)s, %(day)s, %(span)s") % words,
        "label": words["what"],
        "url": _leads_to(lane, piece),
        "book_url": _book_address(lane, piece),
    }


def _what(piece: Piece) -> str:
    if piece.booking:
        is_held = piece.booking.state == BookingState.HELD
        state = _("offered to the waiting list") if is_held else piece.booking.get_state_display()
        return _("%(organisation)s (%(state)s)") % {"organisation": piece.booking.organisation, "state": state}
    return _("Closed") if piece.kind == "closed" else _("Free")


def _leads_to(lane: Lane, piece: Piece) -> str:
    """A booking leads to its page, a closure and free time to the closures, the free time filled in."""
    if piece.booking:
        return piece.booking.get_absolute_url()
    address = reverse("desk_instruments:closures", args=[lane.facts.instrument.slug])
    if piece.kind == "closed":
        return address
    start, end = (moment.astimezone(lane.facts.zone).strftime("%Y-%m-%dT%H:%M") for moment in _ends(piece))
    return f"{address}?{urlencode({'starts': start, 'ends': end, 'unit': lane.unit.pk})}"


def _book_address(lane: Lane, piece: Piece) -> str:
    """The day on which free time can be booked, for those who have hours there."""
    if piece.kind != "free" or not lane.facts.is_listed:
        return ""
    address = reverse("booking_instruments:book", args=[lane.facts.instrument.slug])
    return f"{address}?day={timezone.localtime(piece.span.start).date().isoformat()}"


def _ends(piece: Piece) -> tuple[datetime, datetime]:
    return piece.span.start, piece.span.end


def _parts(scale: Scale) -> int:
    """How many parts the drawing is divided into: days, or the hours of one."""
    return len(scale.days) if len(scale.days) > 1 else max(len(list(scale.hours())), 1)


def _ticks(scale: Scale, zone: ZoneInfo, extra: dict[str, str]) -> Iterable[dict[str, str]]:
    """What stands above the columns: days that lead to their own page, or the hours of a day."""
    if len(scale.days) == 1:
        hours = list(scale.hours())
        for moment in hours[:: -(-len(hours) // MOST_HOURS)]:
            yield {"x": f"{scale.place(moment):.3f}%", "label": clock_text(moment, zone), "url": ""}
        return
    for number, (day, _span) in enumerate(scale.days):
        query = urlencode({"day": day.isoformat(), **extra})
        label = date_format(day, _("D j"))
        yield {"x": f"{100 * number / len(scale.days):.3f}%", "label": label, "url": f"?{query}"}


def _filter(technique: str) -> dict[str, str]:
    return {"technique": technique} if technique else {}


def _address(day: date, count: int, technique: str) -> str:
    named = {"day": day.isoformat()} if count == 1 else {"week": week_name(day)}
    return "?" + urlencode(named | _filter(technique))
