"""The filter `date`, built in to every template in the place of Django's."""

from typing import Any

from django import template
from django.template import defaultfilters

from portal.core.dates import pattern_of

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, arg: str | None = None) -> Any:
    """Django's own, the first of a month being an ordinal where a language writes it so."""
    return defaultfilters.date(value, pattern_of(value, arg))
