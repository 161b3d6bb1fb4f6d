"""What forms of several apps share."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


def choose_from(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let the field called `name` offer these rows."""
    cast(forms.ModelChoiceField, form.fields[name]).queryset = rows


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
