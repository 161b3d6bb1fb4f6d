"""What is typed about outcomes: one small form an application, and the check before the release."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.actions.outcome import Choice
from calls.enums import ApplicationState, Decision
from calls.models import Application, Call
from portal.core.forms import HoursField, offer

MOST = 10_000  # applications of a call


class OutcomeForm(forms.Form):
    """Place, outcome and hours of one application; what was not touched is left alone."""

    rank = forms.IntegerField(label=_("Place"), required=False, min_value=1, max_value=MOST)
    decision = forms.ChoiceField(label=_("Outcome"), required=False, choices=[])
    hours = HoursField(label=_("Hours"), required=False)
    note = forms.CharField(
        label=_("Words to the applicant"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "data-count": 2000}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, call: Call, application: Application) -> None:
        self.application = application
        self.is_prepared = application.state == ApplicationState.PREPARED
        minutes = application.minutes_decided if self.is_prepared else application.minutes_requested
        before = {
            "rank": application.rank,
            "decision": application.decision if self.is_prepared else "",
            "hours": minutes,
            "note": application.decision_note,
            "seen": application.updated_at.isoformat(),
        }
        super().__init__(data, prefix=application.ref, initial=before)
        none_yet = [] if self.is_prepared else [("", _("None yet"))]
        offer(self, "decision", [*none_yet, *Decision.choices])
        if not call.gives_hours:
            del self.fields["hours"]

    @property
    def place(self) -> int | None:
        """Where it is to stand in the list, if that was changed."""
        return self.cleaned_data["rank"] if "rank" in self.changed_data else None

    @property
    def choice(self) -> Choice | None:
        """What was chosen for it, if anything about the outcome was changed."""
        changed = {"decision", "hours", "note"} & set(self.changed_data)
        if not changed or not self.cleaned_data["decision"]:
            return None
        typed = self.cleaned_data
        return Choice(self.application.ref, typed["decision"], typed.get("hours"), typed["note"], self._seen())

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if {"hours", "note"} & set(self.changed_data) and not typed.get("decision") and not self.errors:
            self.add_error("decision", _("Choose an outcome, so that what you typed is kept."))
        return typed

    def _seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None


class ReleaseForm(forms.Form):
    """The last look before outcomes are told; more than is offered needs a tick and a reason."""

    shows_reviews = forms.BooleanField(
        label=_("Let applicants read what reviewers wrote to them"),
        required=False,
        help_text=_("In their mail and on the page of their application; scores and words to the panel stay here"),
    )
    is_over = forms.BooleanField(label=_("Give more than the call offers"), required=False)
    over_why = forms.CharField(label=_("Why more is given"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, over: int = 0) -> None:
        super().__init__(data)
        if over <= 0:
            del self.fields["is_over"], self.fields["over_why"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("is_over") and not typed.get("over_why"):
            self.add_error("over_why", _("Say why more is given than the call offers; it stands in its history."))
        return typed

    def arguments(self) -> dict[str, Any]:
        """The cleaned input as arguments of the action."""
        typed = self.cleaned_data
        over_why = typed.get("over_why", "") if typed.get("is_over") else ""
        return {"shows_reviews": typed["shows_reviews"], "over_why": over_why}
