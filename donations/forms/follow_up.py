"""What is typed about gifts that were asked after."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from donations.actions.follow_up import CONSENT, Answers
from donations.actions.follow_up.answer import MOST_PEOPLE
from donations.enums import Help, InUse


class AnswerForm(forms.Form):
    """Is it in use, by how many people, what did it make possible, and what would help?"""

    in_use = forms.ChoiceField(
        label=_("Is it in use?"),
        choices=InUse.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it is in use.")},
    )
    people = forms.IntegerField(
        label=_("How many people have used it since it came?"),
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text=_("Students, researchers, technicians; an estimate will do."),
    )
    women = forms.IntegerField(
        label=_("How many of them are women?"), required=False, min_value=0, max_value=MOST_PEOPLE
    )
    words = forms.CharField(
        label=_("What has it made possible, or what is in the way?"),
        required=False,
        max_length=2000,
        help_text=_("Who gave it reads this. Leave out names of people who have not agreed."),
        widget=forms.Textarea({"rows": 5, "dir": "auto", "data-count": 2000}),
    )
    help = forms.ChoiceField(
        label=_("If it is not in use: what would help?"),
        choices=[("", _("It is in use")), *Help.choices],
        required=False,
    )
    may_become_story = forms.BooleanField(label=CONSENT, required=False)

    def clean(self) -> dict[str, Any] | None:
        typed = self.cleaned_data
        women, people = typed.get("women"), typed.get("people")
        if women is not None and "people" in typed and women > (people or 0):
            self.add_error("women", _("Not more women than people can have used it."))
        return typed

    def answers(self) -> Answers:
        return Answers(**self.cleaned_data)


class HelpForm(forms.Form):
    words = forms.CharField(
        label=_("What is done about it"),
        max_length=500,
        help_text=_("The laboratory and the donor read it."),
        widget=forms.Textarea({"rows": 3, "dir": "auto", "data-count": 500}),
        error_messages={"required": _("Say what is done; the laboratory and the donor read it.")},
    )
