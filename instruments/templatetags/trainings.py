"""Words of trainings and certificates: `{% load trainings %}`."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments.models import Certificate, Instrument, Training
from portal.core import times

register = template.Library()


@register.simple_tag
def training_times(training: Training) -> str:
    """`Monday 22 March 2027, 11:00–13:00 (Nairobi time); 09:00–11:00 (Paris time)`, for mails and lines of a list."""
    own, lab = timezone.get_current_timezone(), training.zone
    start, end = training.starts_at, training.ends_at
    values = {
        "day": times.day_text(start, own),
        "span": times.span_text(start, end, own),
        "zone": times.zone_words(own),
        "lab_span": times.lab_text(start, end, own, lab),
        "lab_zone": times.zone_words(lab),
    }
    if times.same_clock(start, end, own, lab):
        return _("%(day)s, %(span)s (%(zone)s)") % values
    return _("%(day)s, %(span)s (%(zone)s); %(lab_span)s (%(lab_zone)s)") % values


@register.inclusion_tag("instruments/_certificate_line.html", takes_context=True)
def certificate_line(context: template.Context, instrument: Instrument) -> dict[str, Any]:
    """Where the policy asks for a certificate: whether the reader holds one, until when, and how to get one.

    Nothing where it asks for none, and then nothing is looked up; else one statement.
    """
    if not hasattr(instrument, "policy") or not instrument.policy.needs_certificate:
        return {}
    user, held = context["request"].user, None
    if user.is_authenticated:
        today = timezone.now().astimezone(instrument.zone).date()
        own = Certificate.objects.filter(person=user).valid_through(today, today)
        held = own.covering(instrument.pk).longest_first().first()
    return {"instrument": instrument, "is_needed": True, "is_known": user.is_authenticated, "held": held}
