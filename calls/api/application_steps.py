"""One section of an application as a program changes it. What was sent is cleaned by the form of the page."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from calls.api.call import hours_number
from calls.forms.application import FORMS
from calls.models import Application
from calls.steps import STEPS, Step, step_of
from instruments.models import Instrument
from portal.accounts.models import Organisation

SENT_AS = {"minutes_requested": "hours_requested"}  # hours at the edge
BY_SLUG: dict[str, Any] = {"instrument": Instrument, "organisation": Organisation}


class StepSerializer(serializers.Serializer[Any]):
    """A section with those of its fields that change; `version` is that of the text which was edited.

    `done` says whether the section is finished; left out, that stays as it is.
    """

    step = serializers.ChoiceField(choices=[(step.name, step.name) for step in STEPS])
    version = serializers.IntegerField(min_value=0, max_value=2**31)
    done = serializers.BooleanField(required=False, allow_null=True, default=None)
    title = serializers.CharField(required=False, allow_blank=True, max_length=160)
    question = serializers.CharField(required=False, allow_blank=True, max_length=6000)
    language = serializers.ChoiceField(required=False, choices=settings.LANGUAGES)
    instrument = serializers.SlugField(required=False, help_text=gettext_lazy("Its slug."))
    why_instrument = serializers.CharField(required=False, allow_blank=True, max_length=3000)
    hours_requested = serializers.DecimalField(required=False, max_digits=10, decimal_places=4, min_value=Decimal(0))
    has_samples = serializers.BooleanField(required=False)
    safety_words = serializers.CharField(required=False, allow_blank=True, max_length=3000)
    team_words = serializers.CharField(required=False, allow_blank=True, max_length=3000)
    plan = serializers.CharField(required=False, allow_blank=True, max_length=3000)
    organisation = serializers.SlugField(required=False, help_text=gettext_lazy("Its slug."))

    def columns_for(self, application: Application) -> dict[str, Any]:
        """The columns to write, cleaned as the page cleans them. Raises ValidationError with the fields' names."""
        step = step_of(application.call, self.validated_data["step"])
        if step is None:
            raise serializers.ValidationError(
                {"step": _("This application has no such section.")}, code="does_not_exist"
            )
        given = {name: sent for name in step.fields if (sent := SENT_AS.get(name, name)) in self.validated_data}
        _refuse_others(set(self.validated_data) - {"step", "version", "done", *given.values()})
        return self._cleaned(application, step, given) if given else {}

    def _cleaned(self, application: Application, step: Step, given: dict[str, str]) -> dict[str, Any]:
        typed = {name: _as_typed(name, self.validated_data[sent]) for name, sent in given.items()}
        form = FORMS[step.name](application, step, typed | {"version": self.validated_data["version"]}, later=True)
        form.is_valid()
        if wrong := {
            given[name]: [str(text) for text in errors] for name, errors in form.errors.items() if name in given
        }:
            raise serializers.ValidationError(wrong)
        return {name: form.cleaned_data[name] for name in given}


class StoredSerializer(serializers.Serializer[Any]):
    """The problem of a section that somebody else saved meanwhile: what they wrote, and the version to answer with."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    version = serializers.IntegerField()
    stored = serializers.DictField()


def as_sent(stored: dict[str, Any]) -> dict[str, Any]:
    """What a step holds (related rows by primary key) as programs send it."""
    sent: dict[str, Any] = {}
    for name, value in stored.items():
        if name in BY_SLUG:
            value = BY_SLUG[name].objects.filter(pk=value).values_list("slug", flat=True).first()
        sent[SENT_AS.get(name, name)] = hours_number(value) if name in SENT_AS else value
    return sent


def _refuse_others(others: set[str]) -> None:
    if others:
        sentence = _("This section has no such field.")
        raise serializers.ValidationError(dict.fromkeys(sorted(others), sentence), code="not_of_this_step")


def _as_typed(name: str, value: Any) -> Any:
    """As a browser would send it; an unknown slug becomes a choice that nobody offers."""
    if name in BY_SLUG:
        return BY_SLUG[name].objects.filter(slug=value).values_list("pk", flat=True).first() or 0
    return str(value)
