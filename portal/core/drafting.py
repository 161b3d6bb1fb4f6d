"""Forms that are saved while somebody writes: what the script is answered, and both texts where two wrote at once."""

from datetime import datetime, time
from typing import Any

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.errors import Refused
from portal.core.times import clock_text, day_text, zone_words


def saved(version: Any, form: Any) -> JsonResponse:
    """{"version", "message"} for `draft.js`: when it was saved, and what of the form could not be understood yet."""
    zone = timezone.get_current_timezone()
    values = {"time": clock_text(timezone.now(), zone), "zone": zone_words(zone)}
    words = [_("Saved at %(time)s (%(zone)s).") % values, *(str(text[0]) for text in form.errors.values())]
    return JsonResponse({"version": version, "message": " ".join(words)})


def not_saved(refusal: Refused) -> JsonResponse:
    """{"message"} for `draft.js`, which offers both texts where the status is 409."""
    return JsonResponse({"message": str(refusal)}, status=refusal.status)


def both(form: Any, held: Any, between: str = ", ") -> list[tuple[Any, str]]:
    """(field as typed, what is stored of it in words) of two forms of one text; the words are empty where equal."""
    return [(bound, theirs(bound, held[bound.name], between)) for bound in form]


def theirs(typed: Any, held: Any, between: str = ", ") -> str:
    """What is stored of a field, as people read it; empty where the same was typed."""
    if typed.is_hidden or not typed.field.has_changed(held.initial, typed.data):
        return ""
    values = held.value() if isinstance(held.value(), list) else [held.value()]
    choices = {str(getattr(key, "value", key)): str(label) for key, label in _flat(getattr(held.field, "choices", ()))}
    shown = [choices.get(str(value), _words(value)) for value in values if value not in (None, "")]
    return between.join(shown) or _("Nothing")


def _words(value: Any) -> str:
    """A moment on the clock that it comes with, a time as clocks show it; everything else as it is written."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{day_text(value, value.tzinfo)}, {clock_text(value, value.tzinfo)}"
    return str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    found: list[tuple[Any, Any]] = []
    for key, label in choices:
        found += list(label) if isinstance(label, list | tuple) else [(key, label)]
    return found
