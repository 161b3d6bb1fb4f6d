"""How much of the change-over there is room for between neighbours: arithmetic on spans, no database."""

from collections.abc import Iterable

from bookings.slots import Span


def occupied_spans(wanted: Iterable[tuple[Span, Span]], *, not_before: Span | None = None) -> list[Span]:
    """What each of the bookings of one unit occupies, given (period, period with its change-over) in order.

    Where two are too near, the earlier one's change-over is kept as far as the later one's period allows, and the later
    one's as far as is left. `not_before` is occupied already and stays.
    """
    pairs = list(wanted)
    found: list[Span] = []
    begin = not_before.end if not_before else None
    for number, (period, wide) in enumerate(pairs):
        following = pairs[number + 1][0].start if number + 1 < len(pairs) else wide.end
        start = max(wide.start, min(begin, period.start)) if begin else wide.start
        found.append(Span(start, max(min(wide.end, following), period.end)))
        begin = found[-1].end
    return found
