"""Time zones as calendars describe them (RFC 5545, 3.6.5): every change of the clocks over the years asked for.

Rules would be shorter, but some zones follow none: Morocco's clocks go by the moon, others change by decree.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # no event is older


def is_utc(zone: tzinfo) -> bool:
    """Whether times of the zone are written in UTC, by whichever of its objects it is named."""
    return str(zone) == "UTC"


@lru_cache(maxsize=256)
def zone_lines(zone: tzinfo, first_year: int, last_year: int) -> tuple[str, ...]:
    """The VTIMEZONE of `zone` for the years `first_year` to `last_year`, both included; none for UTC."""
    if is_utc(zone):
        return ()
    start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (first_year, last_year + 1))
    before = _offset(start, zone)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}", *_observance(EPOCH, before, before, is_summer=False)]
    for moment in _changes(zone, start, end):
        after = _offset(moment, zone)
        is_summer = (moment.astimezone(zone).dst() or timedelta()) > timedelta()
        lines += _observance(moment + before, before, after, is_summer=is_summer)
        before = after
    return (*lines, "END:VTIMEZONE")


def _changes(zone: tzinfo, start: datetime, end: datetime) -> list[datetime]:
    """The moments (UTC) from which another offset holds: found day by day, then to the second by halves."""
    found, day = [], start
    while day < end:
        low, high = day, day + DAY
        if _offset(low, zone) != _offset(high, zone):
            while high - low > SECOND:
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _offset(middle, zone) == _offset(low, zone) else (low, middle)
            found.append(high)
        day += DAY
    return found


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _observance(wall: datetime, before: timedelta, after: timedelta, *, is_summer: bool) -> list[str]:
    """From `wall`, as the clocks show it that are about to change (whatever its own zone), another offset holds."""
    name = "DAYLIGHT" if is_summer else "STANDARD"
    return [
        f"BEGIN:{name}",
        f"DTSTART:{wall:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset_text(before)}",
        f"TZOFFSETTO:{_offset_text(after)}",
        f"END:{name}",
    ]


def _offset_text(offset: timedelta) -> str:
    """`+0530`; with seconds where an old zone has them (3.3.14)."""
    seconds = int(offset.total_seconds())
    sign, rest = "-" if seconds < 0 else "+", abs(seconds)
    text = f"{sign}{rest // 3600:02}{rest % 3600 // 60:02}"
    return f"{text}{rest % 60:02}" if rest % 60 else text
