"""Words of events: `{% load events %}`."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import times
from portal.stories.models import Event

register = template.Library()


@register.simple_tag
def event_days(event: Event) -> str:
    """`29 January 2023 to 2 February 2023`, or the one day, as the calendar where it is has them."""
    return days_text(event.first_day, event.last_day)


@register.simple_tag
def event_hours(event: Event) -> str:
    """`11:00–13:00 (Nairobi time); 09:00–11:00 (Paris time)`: the reader's clock, and the event's where it differs.

    Nothing for whole days.
    """
    if not event.has_hours:
        return ""
    own, there = timezone.get_current_timezone(), event.zone
    start, end = event.starts_at, event.ends_at
    values = {
        "day": times.day_text(start, own),
        "span": times.span_text(start, end, own),
        "zone": times.zone_words(own),
        "lab_span": times.lab_text(start, end, own, there),
        "lab_zone": times.zone_words(there),
    }
    if times.same_clock(start, end, own, there):
        return _("%(day)s, %(span)s (%(zone)s)") % values
    return _("%(day)s, %(span)s (%(zone)s); %(lab_span)s (%(lab_zone)s)") % values


def days_text(first: date, last: date) -> str:
    """Two days as people read them, without what both have in common."""
    if first == last:
        return times.date_text(first, "DATE_FORMAT")
    if first.year != last.year:
        start = times.date_text(first, "DATE_FORMAT")
    else:
        start = times.date_text(first, _("j F") if first.month != last.month else _("j"))
    return _("%(first)s to %(last)s") % {"first": start, "last": times.date_text(last, "DATE_FORMAT")}
