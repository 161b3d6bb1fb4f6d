"""Places on the waiting list, looked up by row: `{{ places|place_of:entry|place_on:award }}`."""

from django import template

from bookings.models import WaitlistEntry
from calls.models import Award

register = template.Library()


@register.filter
def place_of(places: dict[int, dict[int, int]], entry: WaitlistEntry) -> dict[int, int]:
    """The places of one entry, by instrument."""
    return places.get(entry.pk, {})


@register.filter
def place_on(places: dict[int, int], award: Award) -> int | None:
    """The place on the instrument of this award; None where the entry does not wait."""
    return places.get(award.instrument_id) if award.instrument_id else None
