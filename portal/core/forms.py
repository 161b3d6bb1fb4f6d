"""What forms of several apps share."""

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext_lazy as _

from portal.core.times import is_in_reach

MOST_HOURS = 100_000


def choose_from(
    form: forms.BaseForm, name: str, rows: QuerySet[Any], called: Callable[[Any], str] | None = None
) -> None:
    """Let the field called `name` offer these rows, each called by its text or by what `called` says."""
    field: Any = form.fields[name]
    if called is not None:
        field.label_from_instance = called
    field.queryset = rows


def offer(form: forms.BaseForm, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Let the field called `name` offer these values with their labels."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class ReasonForm(forms.Form):
    """Why: asked before a deed that somebody else will be told of. `longest`: letters that the row has room for."""

    def __init__(self, data: Any = None, *, longest: int = 200, hint: str = "", required: bool = True) -> None:
        super().__init__(data)
        self.fields["why"] = forms.CharField(
            label=_("Reason"),
            required=required,
            max_length=longest,
            help_text=hint,
            widget=forms.Textarea({"rows": 3, "data-count": longest}),
            error_messages={"required": _("Say why; those concerned are told.")},
        )


class AddressField(forms.EmailField):
    """An e-mail address, without the marks that nobody sees and that come along where one is copied."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(without_marks(value) if isinstance(value, str) else value))


def without_marks(text: str) -> str:
    """Leave out what is drawn by nobody: marks of direction, blanks without width, hyphens for the end of a line."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


class HoursField(forms.DecimalField):
    """Hours at the edge, whole minutes inside: `12.5` is cleaned to 750."""

    def __init__(self, *, min_value: Any = 0, max_value: int = MOST_HOURS, **options: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, decimal_places=4, **options)
        self.error_messages["invalid"] = _("Enter hours as a number, such as 12 or 12.5.")

    def to_python(self, value: Any) -> Any:
        """Take `12,5` too where that is how numbers are written."""
        return super().to_python(sanitize_separators(value))

    def clean(self, value: Any) -> int | None:
        hours = super().clean(value)
        if hours is None:
            return None
        minutes = hours * 60
        if minutes != minutes.to_integral_value():
            raise ValidationError(_("Enter hours that come to whole minutes, such as 12.5 or 0.25."), code="minutes")
        return int(minutes)

    def prepare_value(self, value: Any) -> Any:
        """Minutes from the database are shown as hours; what was typed is shown as it was typed."""
        if isinstance(value, int) and not isinstance(value, bool):
            return (Decimal(value) / 60).normalize().__format__("f")
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare hours with hours: the initial value comes in minutes."""
        return super().has_changed(Decimal(initial) / 60 if isinstance(initial, int) else initial, data)


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not is_in_reach(day):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day
