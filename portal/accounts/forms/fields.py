"""Fields that forms of people and of organisations share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

WORDS = 200  # characters in a search


def country_choices(empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *countries]


class NameField(forms.CharField):
    """A name of a person or a place: one line, no control characters."""

    def clean(self, value: Any) -> str:
        text = " ".join(super().clean(value).split())
        if any(not character.isprintable() for character in text):
            raise ValidationError(_("Use letters and spaces only; this contains an invisible character."), code="name")
        return text
