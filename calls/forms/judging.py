"""What is typed by those who judge: filters of the board, verdicts, questions back, reviewers, reviews."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.actions.judging.check import Verdict
from calls.actions.judging.review import Opinion
from calls.enums import CheckKind
from calls.models import Call, Criterion, Review
from calls.querysets.application import ENTERED
from instruments.models import Instrument
from portal.accounts.models import User
from portal.core.forms import AddressField, DayField, choose_from

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
POINTS = [
    (5, _("5, excellent")),
    (4, _("4, very good")),
    (3, _("3, good")),
    (2, _("2, weak")),
    (1, _("1, poor")),
]
ORDERS = [("received", _("First come first")), ("score", _("Best score first")), ("missing", _("Fewest reviews first"))]


def words(label: Any, longest: int, *, hint: Any = "", required: bool = False) -> forms.CharField:
    """A long text with its count."""
    widget = forms.Textarea({"rows": 4, "data-count": longest, "dir": "auto"})
    return forms.CharField(label=label, max_length=longest, help_text=hint, required=required, widget=widget)


class BoardForm(forms.Form):
    """What of a board is shown; nonsense shows all."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False)
    instrument: Any = forms.ModelChoiceField(
        label=_("Instrument"), queryset=Instrument.objects.none(), required=False, empty_label=_("All")
    )
    order = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)

    def __init__(self, data: Any, *, call: Call) -> None:
        super().__init__(data)
        states = [(state.value, str(state.label).capitalize()) for state in ENTERED]
        self.fields["state"] = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *states])
        asked = Instrument.objects.filter(applications__call=call).distinct().order_by("name")
        choose_from(self, "instrument", asked)

    def asked(self) -> dict[str, Any]:
        """What could be understood."""
        self.is_valid()
        return self.cleaned_data


class VerdictForm(forms.Form):
    """Yes or no, with a note; `kind` is one of the checks."""

    def __init__(self, data: Any = None, *, kinds: Iterable[CheckKind], questions: Mapping[CheckKind, Any]) -> None:
        super().__init__(data)
        self.kinds = list(kinds)
        hint = _("Conditions, or the reason for a no. Staff read it.")
        for kind in self.kinds:
            self.fields[kind] = forms.ChoiceField(label=questions[kind], choices=YES_NO, widget=forms.RadioSelect)
            self.fields[f"{kind}_note"] = words(_("Note"), 2000, hint=hint)

    def verdicts(self) -> dict[str, Verdict]:
        typed = self.cleaned_data
        return {kind: Verdict(typed[kind] == "yes", typed[f"{kind}_note"]) for kind in self.kinds}


class AskForm(forms.Form):
    """What the applicant is to change, and the last day to do it on the call's clock."""

    note = words(_("What to change"), 2000, hint=_("The applicant reads it."), required=True)
    answer_on = DayField(label=_("To be answered by the end of"))

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data)
        self.call = call

    def answer_by(self) -> datetime:
        return datetime.combine(self.cleaned_data["answer_on"] + timedelta(days=1), time(), tzinfo=self.call.zone)


class ReviewerForm(forms.Form):
    """One member of the call's panel."""

    reviewer: Any = forms.ModelChoiceField(label=_("Reviewer"), queryset=User.objects.none(), empty_label=_("Choose"))

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data)
        choose_from(self, "reviewer", panel_of(call))


class PanelForm(forms.Form):
    email = AddressField(label=_("Email address of the reviewer"), help_text=_("Of their account here"))


class ReviewForm(forms.Form):
    """Points per criterion, with words to two kinds of reader. A draft may be incomplete."""

    def __init__(self, data: Any = None, *, review: Review, criteria: Iterable[Criterion]) -> None:
        given = {score.criterion_id: score.points for score in review.scores.all()}
        texts = {"to_applicant": review.to_applicant, "to_panel": review.to_panel}
        self.criteria = list(criteria)
        super().__init__(data, initial={**texts, **{_name(one): given.get(one.pk) for one in self.criteria}})
        for criterion in self.criteria:
            self.fields[_name(criterion)] = forms.TypedChoiceField(
                label=_("%(name)s, counts %(weight)d per cent") % {"name": criterion.name, "weight": criterion.weight},
                help_text=criterion.hint,
                choices=POINTS,
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
            )
        self.fields["to_applicant"] = words(
            _("Words to the applicant"), 3000, hint=_("They read them with the decision, without your name.")
        )
        self.fields["to_panel"] = words(_("Words to the panel"), 3000, hint=_("Staff alone read them."))

    def full_clean(self) -> None:
        """A draft may leave points out, though they are not optional: handing in asks for them."""
        self._insist(False)
        super().full_clean()
        self._insist(True)

    def _insist(self, is_required: bool) -> None:
        for criterion in self.criteria:
            self.fields[_name(criterion)].required = is_required

    def opinion(self) -> Opinion:
        typed = self.cleaned_data
        points = {one.pk: typed[_name(one)] for one in self.criteria if typed[_name(one)] is not None}
        return Opinion(points, typed["to_applicant"], typed["to_panel"])


def panel_of(call: Call) -> Any:
    """The people on a call's panel, by name."""
    return User.objects.filter(panels__call=call, is_active=True).order_by("name", "pk")


def _name(criterion: Criterion) -> str:
    return f"points_{criterion.pk}"
