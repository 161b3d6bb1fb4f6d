"""What was typed beside what is stored, where two people wrote at once."""

from typing import Any

from django.utils.translation import gettext as _


def both(form: Any, held: Any) -> list[tuple[Any, str]]:
    """(field as typed, what is stored of it in words) of two forms of one text; the words are empty where equal."""
    return [(bound, _theirs(bound, held[bound.name])) for bound in form]


def _theirs(typed: Any, held: Any) -> str:
    if typed.is_hidden or not typed.field.has_changed(held.initial, typed.data):
        return ""
    values = held.value() if isinstance(held.value(), list) else [held.value()]
    choices = {str(getattr(key, "value", key)): str(label) for key, label in _flat(getattr(held.field, "choices", ()))}
    shown = [choices.get(str(value), str(value)) for value in values if value not in (None, "")]
    return ", ".join(shown) or _("Nothing")


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    found: list[tuple[Any, Any]] = []
    for key, label in choices:
        found += list(label) if isinstance(label, list | tuple) else [(key, label)]
    return found
