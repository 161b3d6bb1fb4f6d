"""What is typed about calls: filters of the list, a later closing, a late access."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries

from calls.enums import CallKind, CallPhase
from calls.forms.fields import WallTimeField, moment_of, wall_of
from calls.models import Call
from instruments.models import Technique
from portal.core.forms import AddressField, offer
from portal.core.times import zone_words

PHASES = [(phase.value, phase.label) for phase in CallPhase if phase != CallPhase.WITHDRAWN]


class CallFilter(forms.Form):
    """The list's query parameters. `techniques` are the rows of the tree, which the page has loaded anyway."""

    q = forms.CharField(label=_("Keywords"), required=False, max_length=200)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *PHASES])
    technique = forms.ChoiceField(label=_("Technique"), required=False)
    country = forms.ChoiceField(label=_("Country of work"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *CallKind.choices])

    def __init__(self, *args: Any, techniques: list[Technique], **options: Any) -> None:
        super().__init__(*args, **options)
        tree = [(row.slug, "— " * row.path.count("/") + row.name) for row in sorted(techniques, key=_tree_order)]
        offer(self, "technique", [("", pgettext_lazy("technique", "All")), *tree])
        offer(self, "country", [("", _("All")), *countries])


def _tree_order(technique: Technique) -> str:
    return technique.path


class ExtendForm(forms.Form):
    """A later closing, on the call's own clock."""

    closes = WallTimeField(label=_("New closing"))

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        options["initial"] = {"closes": wall_of(call.closes_at, call.zone)}
        super().__init__(*args, **options)
        self.zone = call.zone
        self.fields["closes"].help_text = _("On the clock of the call: %(zone)s") % {"zone": zone_words(call.zone)}

    def clean_closes(self) -> datetime | None:
        return moment_of(self, "closes", self.cleaned_data["closes"], self.zone)


class LateAccessForm(forms.Form):
    """Who may hand in after closing, until when, and why."""

    address = AddressField(label=_("E-mail address"), max_length=254)
    until = WallTimeField(label=_("Until"))
    why = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3, "data-count": 300}))

    def __init__(self, *args: Any, call: Call, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = call.zone
        self.fields["until"].help_text = _("On the clock of the call: %(zone)s") % {"zone": zone_words(call.zone)}
        self.fields["why"].help_text = _("For the history of the call; the applicant does not see it.")

    def clean_until(self) -> datetime | None:
        return moment_of(self, "until", self.cleaned_data["until"], self.zone)
