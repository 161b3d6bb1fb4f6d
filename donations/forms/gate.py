"""What staff type at the gate."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donations.checklist import Item
from donations.enums import Answer
from donations.models import Need, Offer
from portal.accounts.models import User
from portal.core.forms import DayField

ANSWER_WITHIN = timedelta(days=14)
NOTE, LONG = 300, 1000


def spoken_to(thing: Need | Offer) -> User:
    """In whose language staff write and on whose clock days end."""
    return thing.asked_by if isinstance(thing, Need) else thing.donor


class Row(NamedTuple):
    """A point with its two fields."""

    item: Item
    verdict: forms.BoundField
    note: forms.BoundField


class ChecklistForm(forms.Form):
    """A verdict and a note a point; one without a verdict is left as it is."""

    def __init__(self, data: Any, items: Iterable[Item]) -> None:
        self.items = list(items)
        kept = {item.point: item.check for item in self.items if item.check is not None}
        super().__init__(data)
        for item in self.items:
            check = kept.get(item.point)
            self.fields[item.point] = forms.ChoiceField(
                label=item.point.label,
                choices=Answer.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=check.verdict if check else None,
            )
            self.fields[f"{item.point}_note"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=NOTE,
                initial=check.note if check else "",
                widget=forms.TextInput({"dir": "auto"}),
            )

    def rows(self) -> list[Row]:
        return [Row(item, self[item.point], self[f"{item.point}_note"]) for item in self.items]

    def clean(self) -> dict[str, Any]:
        """A No says what is missing, since somebody has to write it to the people."""
        typed: dict[str, Any] = super().clean() or {}
        for item in self.items:
            if typed.get(item.point) == Answer.NO and not typed.get(f"{item.point}_note"):
                self.add_error(f"{item.point}_note", _("Say what is missing."))
        return typed

    def verdicts(self) -> dict[str, tuple[str, str]]:
        """point -> (verdict, note) of those that were answered."""
        typed = self.cleaned_data
        answered = [item.point.value for item in self.items if typed[item.point]]
        return {point: (typed[point], typed[f"{point}_note"]) for point in answered}


class AskBackForm(forms.Form):
    """What has to be changed, and the last day to do it on the clock of its people."""

    why = forms.CharField(
        label=_("What has to be changed"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": LONG}),
        error_messages={"required": _("Say what has to be changed; its people read it.")},
    )
    answer_on = DayField(label=_("To be handed in again by the end of"))

    def __init__(self, data: Any, thing: Need | Offer) -> None:
        self.zone = ZoneInfo(spoken_to(thing).time_zone)
        day = timezone.now().astimezone(self.zone).date() + ANSWER_WITHIN
        super().__init__(data, initial={"answer_on": day}, prefix="ask")

    def answer_by(self) -> datetime:
        """The end of that day in their zone."""
        return datetime.combine(self.cleaned_data["answer_on"] + timedelta(days=1), time(), tzinfo=self.zone)


class RefuseForm(forms.Form):
    """Why, kindly, and where it could go instead: prepared in the language of its people."""

    why = forms.CharField(
        label=_("Why"),
        help_text=_("Only its people and our staff read it. Thank them, and say what stands in the way."),
        max_length=LONG,
        widget=forms.Textarea({"rows": 4, "dir": "auto", "data-count": LONG}),
        error_messages={"required": _("Say why; its people read it.")},
    )
    where = forms.CharField(
        label=_("Where it could go instead"),
        required=False,
        max_length=900,
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": 900}),
    )

    def __init__(self, data: Any, thing: Need | Offer) -> None:
        language = spoken_to(thing).language
        with translation.override(language):
            where = _elsewhere(thing)
        super().__init__(data, initial={"where": where}, prefix="refuse")
        self.fields["where"].widget.attrs["lang"] = language


class ClearanceForm(forms.Form):
    export_class = forms.CharField(
        label=_("Export classification"),
        max_length=60,
        help_text=_("The number in the control list, or that it is not listed."),
        error_messages={"required": _("Say the export classification, or that it is not listed.")},
    )
    end_use = forms.CharField(
        label=_("End use"),
        max_length=300,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": _("Say for which use it is cleared.")},
    )

    def __init__(self, data: Any, offer: Offer) -> None:
        initial = {"export_class": offer.export_class, "end_use": offer.end_use}
        super().__init__(data, initial=initial, prefix="clear")


def _elsewhere(thing: Need | Offer) -> str:
    if isinstance(thing, Need):
        return gettext("Calls for remote access may help meanwhile: an instrument elsewhere, run over the network.")
    return gettext(
        "Please do not put it in the dustbin: a collection point for electrical equipment, or the maker's take-back "
        "scheme, recycles it properly."
    )
