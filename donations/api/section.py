"""A section of a need or an offer as a program writes it. What was sent is cleaned by the form of the page."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from rest_framework import serializers

from donations.forms.section import SectionForm
from donations.steps import Step, named
from instruments.models import EquipmentCategory
from portal.accounts.models import Organisation

NOT_TEXT = re.compile(r"[\x00\ud800-\udfff]")  # what no column of text can keep
BY_SLUG: dict[str, Any] = {"category": EquipmentCategory, "organisation": Organisation}


class SectionOf(serializers.Serializer[Any]):
    """A section with those of its values that change; `version` is that of the text which was read.

    Subclasses say which `steps` and `forms` there are, and name them as choices of `section`.
    """

    steps: tuple[Step, ...]
    forms: Mapping[str, type[SectionForm]]

    version = serializers.IntegerField(min_value=0, max_value=2**31)
    done = serializers.BooleanField(required=False, allow_null=True, default=None)
    values = serializers.DictField(required=False, default=dict, help_text="field -> value, those that change")

    def form_for(self, thing: Any) -> tuple[SectionForm, Step]:
        """The valid form and its section. Raises ValidationError with the fields' names."""
        sent = self.validated_data
        step = named(self.steps, sent["section"]) or self.steps[0]
        make = self.forms[step.name]
        given = sent["values"]
        held = make(thing, step)
        if unknown := sorted(set(given) - (set(held.fields) - {"version"})):
            raise serializers.ValidationError({name: [_("This section has no such field.")] for name in unknown})
        if wrong := [name for name, value in given.items() if not _is_typable(held.fields[name], value)]:
            raise serializers.ValidationError({name: [RegexValidator.message] for name in wrong})
        typed = {name: held[name].value() for name in held.fields}
        typed |= {name: _as_typed(name, value) for name, value in given.items()}
        form = make(thing, step, typed | {"version": sent["version"]}, later=True)
        if not form.is_valid():
            raise serializers.ValidationError({name: list(map(str, texts)) for name, texts in form.errors.items()})
        return form, step


def _is_typable(field: Any, value: Any) -> bool:
    """Whether a browser could send it: text that can be kept, a number, yes or no; lists where several are chosen."""
    if isinstance(value, list):
        return isinstance(field, forms.MultipleChoiceField) and all(isinstance(each, str | int) for each in value)
    if isinstance(field, forms.BooleanField):
        return value is None or str(value).lower() in ("true", "false")
    if isinstance(value, str):
        return not NOT_TEXT.search(value)
    return value is None or isinstance(value, int | float)


def _as_typed(name: str, value: Any) -> Any:
    """As a browser would send it; an unknown slug becomes a choice that nobody offers."""
    if name in BY_SLUG and value:
        return BY_SLUG[name].objects.filter(slug=str(value)).values_list("pk", flat=True).first() or 0
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
