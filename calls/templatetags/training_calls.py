"""Which calls give the places of a training: `{% load training_calls %}{% training_calls training as calls %}`."""

from typing import Any

from django import template

from calls.enums import CallState
from instruments.models import Training

register = template.Library()


@register.simple_tag
def training_calls(training: Training) -> list[Any]:
    """Those that are out; one statement."""
    return list(training.calls.filter(state__in=(CallState.PUBLISHED, CallState.DECIDED)).order_by("pk"))
