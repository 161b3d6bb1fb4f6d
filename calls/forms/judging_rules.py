"""How the applications of a call are reviewed: its criteria as rows, how many reviews, with names or without."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calls.actions.criteria import CriterionLine
from calls.models import Call

MOST_CRITERIA = 10
EMPTY_ROWS = 2
NEEDED = {
    "name_en": _("Give the criterion a name in English."),
    "name_fr": _("Give the criterion a name in French."),
    "weight": _("Say how much it counts, from 1 to 100."),
}


class CriterionForm(forms.Form):
    """One row; an empty one is no criterion."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    name_fr = forms.CharField(label=_("Name in French"), max_length=80, required=False)
    hint_en = forms.CharField(label=_("What to look at, in English"), max_length=300, required=False)
    hint_fr = forms.CharField(label=_("What to look at, in French"), max_length=300, required=False)
    weight = forms.IntegerField(
        label=_("Weight in per cent"),
        min_value=1,
        max_value=100,
        required=False,
        widget=forms.NumberInput({"min": 1, "max": 100}),
    )
    position = forms.IntegerField(label=_("Place in the order"), min_value=1, max_value=99, required=False)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, sentence in NEEDED.items() if self.initial else ():
            self.fields[name].required = True  # of a criterion there is; an empty row may stay empty
            self.fields[name].error_messages["required"] = sentence

    @property
    def is_empty(self) -> bool:
        typed = self.cleaned_data
        return not any(typed.get(name) for name in ("pk", "name_en", "name_fr", "hint_en", "hint_fr", "weight"))

    @property
    def counts(self) -> bool:
        return not (self.is_empty or self.cleaned_data["remove"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.is_empty and not typed.get("remove"):
            for name, sentence in NEEDED.items():
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return typed


class ReviewRulesForm(forms.Form):
    reviews_wanted = forms.IntegerField(label=_("Reviews an application"), min_value=0, max_value=10)
    is_blind = forms.BooleanField(
        label=_("Reviewers do not see names"),
        required=False,
        help_text=_("Applicants are asked to leave names out of their texts."),
    )


class JudgingRulesForm:
    """The whole page: the rules and a row for each criterion, with a few empty ones."""

    def __init__(self, call: Call, data: Any = None) -> None:
        self.rules = ReviewRulesForm(data, initial={"reviews_wanted": call.reviews_wanted, "is_blind": call.is_blind})
        stored = list(call.criteria.all())
        rows = [self._initial(criterion, place) for place, criterion in enumerate(stored, 1)]
        rows += [{}] * max(0, min(EMPTY_ROWS, MOST_CRITERIA - len(rows)))
        self.rows = [CriterionForm(data, prefix=f"row-{place}", initial=initial) for place, initial in enumerate(rows)]
        self.forms = [self.rules, *self.rows]
        self.errors: list[str] = []
        self.stored_sum = sum(criterion.weight for criterion in stored)

    @staticmethod
    def _initial(criterion: Any, place: int) -> dict[str, Any]:
        names = ("pk", "name_en", "name_fr", "hint_en", "hint_fr", "weight")
        return {name: getattr(criterion, name) for name in names} | {"position": place}

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    @property
    def has_errors(self) -> bool:
        return bool(self.errors) or any(form.errors for form in self.forms)

    def non_form_errors(self) -> list[str]:
        return self.errors

    def add_error(self, field: None, message: str) -> None:
        self.errors.append(message)

    def lines(self) -> list[CriterionLine]:
        """The criteria in their order: by the typed place, then as they stand on the page."""
        kept = [(place, row.cleaned_data) for place, row in enumerate(self.rows, 1) if row.counts]
        kept.sort(key=lambda pair: (pair[1]["position"] or pair[0], pair[0]))
        names = ("name_en", "name_fr", "weight", "hint_en", "hint_fr", "pk")
        return [CriterionLine(**{name: typed[name] for name in names}) for _place, typed in kept]

    def remark(self) -> str:
        """What to say of the weights as they are now typed; empty when they come to 100."""
        total = sum(line.weight for line in self.lines())
        if total == 100 or not self.lines():
            return ""
        sentence = gettext("The weights come to %(sum)d %%. They must come to 100 %% before the call can be published.")
        return sentence % {"sum": total}
