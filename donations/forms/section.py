"""A section of a need or an offer as a form made of the columns that its step writes. Actions write."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from donations.contact import has_contact
from donations.said import PRIVATE
from donations.steps import Step, stored, version_of
from portal.core.forms import DayField

HIGHEST = {"PositiveSmallIntegerField": 32_767, "PositiveIntegerField": 2_147_483_647}


class WordsField(forms.CharField):
    """Long text, with line ends as one character as on the page that counts them."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def check_public(text: str) -> None:
    """Raise ValidationError where text that everybody reads holds an e-mail address or a telephone number."""
    if has_contact(text):
        sentence = _("Everybody reads this. Leave out e-mail addresses and telephone numbers.")
        raise ValidationError(sentence, code="contact")


class SectionForm(forms.Form):
    """`later`: saved without being finished, so blanks are welcome. `version` is that of the text people edit.

    Fields come from the model, in the order of `step.fields`; those that a subclass declares stand in for them, and
    more are added by `prepare`. Subclasses say what they must: `sentences` of required fields, `hints`, `widgets`,
    and `limits` of numbers as (least, most).
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    sentences: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    widgets: dict[str, Any] = {}
    limits: dict[str, tuple[int, int]] = {}

    def __init__(self, thing: Any, step: Step, data: Any = None, *, later: bool = False) -> None:
        super().__init__(data, initial=stored(thing, step) | {"version": version_of(thing, step.name)})
        self.thing, self.step = thing, step
        made = fields_for_model(type(thing), fields=step.fields, formfield_callback=self._made)
        declared = {name: self.fields.pop(name) for name in step.fields if name in self.fields}
        more = {name: self.fields.pop(name) for name in list(self.fields) if name != "version"}
        self.fields |= {name: declared.get(name) or made[name] for name in step.fields} | more
        for name in step.fields:
            self._dress(name, later=later)
        self.prepare(thing)
        if later:
            for field in self.fields.values():
                field.required = False

    def prepare(self, thing: Any) -> None:
        """What the fields offer, and what more there is."""

    def beside(self) -> Callable[[Any], bool] | None:
        """What writes the rows that belong to the section; see `save_section`. Call it on a cleaned form."""
        return None

    def columns(self) -> dict[str, Any]:
        """The cleaned columns, without those that could not be understood; what may not be empty keeps what it had."""
        typed = {name: self.cleaned_data[name] for name in self.step.fields if name in self.cleaned_data}
        field = self.thing._meta.get_field
        return {name: value for name, value in typed.items() if value not in (None, "") or field(name).blank}

    @property
    def typed_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    def _made(self, column: Any, **options: Any) -> Any:
        """A model's column as a field."""
        if column.choices:
            return _without_blank(column.formfield(**options, widget=self.widgets.get(column.name, forms.Select)))
        if isinstance(column, models.TextField):
            options |= {"form_class": WordsField, "widget": _area(column.max_length)}
        elif isinstance(column, models.DateField):
            options |= {"form_class": DayField, "widget": DayField.widget}
        elif isinstance(column, models.IntegerField):
            least, most = self.limits.get(column.name, (0, HIGHEST[column.get_internal_type()]))
            options |= {"min_value": least, "max_value": most}
        elif isinstance(column, models.CharField):
            options["widget"] = forms.TextInput({"dir": "auto"})
        if column.name in self.widgets:
            options["widget"] = self.widgets[column.name]
        return column.formfield(**options)

    def _dress(self, name: str, *, later: bool) -> None:
        """What is required, the sentence for it, the hint; and no addresses in what everybody reads."""
        field = self.fields[name]
        field.required = name in self.step.required and not later and not isinstance(field, forms.BooleanField)
        field.help_text = self.hints.get(name, field.help_text)
        if name in self.sentences:
            field.error_messages["required"] = self.sentences[name]
        if type(field) in (forms.CharField, WordsField) and name not in PRIVATE:
            field.validators.append(check_public)


class LanguageField(forms.ChoiceField):
    """The language that the words are written in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Language you write in"), choices=settings.LANGUAGES, **options)


def _area(longest: int | None) -> forms.Textarea:
    return forms.Textarea({"rows": 5, "data-count": longest, "dir": "auto"})


def _without_blank(field: Any) -> Any:
    """Radio buttons need no line of dashes."""
    if isinstance(field.widget, forms.RadioSelect):
        field.choices = [choice for choice in field.choices if choice[0] not in ("", None)]
    return field
