"""Fields that forms of people and of organisations share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from portal.accounts.organisation_names import without_repeats

WORDS = 200  # characters in a search
MOST_NAMES = 50  # of one organisation, of one sort


def country_choices(empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *countries]


class NameField(forms.CharField):
    """A name of a person or a place: one line, no control characters."""

    def clean(self, value: Any) -> str:
        text = " ".join(super().clean(value).split())
        if any(not character.isprintable() for character in text):
            raise ValidationError(_("Use letters and spaces only; this contains an invisible character."), code="name")
        return text


class NamesField(NameField):
    """Several names, one a line; cleaned to the same without empty lines and repeats.

    `longest`: letters of one name.
    """

    widget = forms.Textarea

    def __init__(self, *, longest: int, **options: Any) -> None:
        super().__init__(required=False, max_length=MOST_NAMES * (longest + 2), **options)
        self.longest = longest

    def clean(self, value: Any) -> str:
        typed = forms.CharField.clean(self, value).splitlines()
        names = without_repeats(NameField.clean(self, line) for line in typed if line.strip())
        if len(names) > MOST_NAMES:
            raise ValidationError(_("Give at most %(most)d names."), code="many", params={"most": MOST_NAMES})
        if any(len(name) > self.longest for name in names):
            sentence = _("A name has at most %(most)d letters. Write each on a line of its own.")
            raise ValidationError(sentence, code="long", params={"most": self.longest})
        return "\n".join(names)
