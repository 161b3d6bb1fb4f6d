"""What people type in the room of a session."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bookings.actions.room.chat import LONGEST
from bookings.actions.room.reports import LONGEST_REASON
from bookings.enums import Went
from portal.core.forms import AddressField


class SayForm(forms.Form):
    """A message. `form_key` makes a double click one message; without one each sending is its own."""

    text = forms.CharField(
        label=_("Message"),
        max_length=LONGEST,
        strip=True,
        widget=forms.Textarea({"rows": 2, "data-count": LONGEST}),
        error_messages={
            "required": _("Write something first."),
            "max_length": ngettext_lazy(
                "A message has at most %(limit_value)d letter. Send it in parts.",
                "A message has at most %(limit_value)d letters. Send it in parts.",
                "limit_value",
            ),
        },
    )
    form_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class GuestForm(forms.Form):
    """An address to invite."""

    email = AddressField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("They get a mail with the way in. They watch and write; the controls stay with you."),
    )


class ReportForm(forms.Form):
    """How a session went, from one side."""

    went = forms.ChoiceField(label=_("How did it go?"), choices=Went.choices, widget=forms.RadioSelect)
    minutes_lost = forms.IntegerField(
        label=_("Minutes lost"),
        min_value=0,
        max_value=100_000,
        initial=0,
        help_text=_("In which nothing could be done: the line, the power, the instrument. 0 if none."),
    )
    text = forms.CharField(
        label=_("What happened"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 5, "data-count": 4000}),
        help_text=_("Both sides read it."),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("went") == Went.BADLY and not typed.get("text"):
            self.add_error("text", _("Say in a sentence what went wrong, so that it can be put right."))
        return typed


class ReturnForm(forms.Form):
    """Minutes that the laboratory returns to the award."""

    minutes = forms.IntegerField(label=_("Minutes that return to the award"), min_value=1, max_value=1_000_000)
    why = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, help_text=_("The holder of the award reads it in the ledger.")
    )
