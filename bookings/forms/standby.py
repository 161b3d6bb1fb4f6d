"""What people type to wait on the spot: with which award, how long a session, until when."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calls.models import Award
from portal.core.forms import HoursField, choose_from

WAITS = [
    (60, _("1 hour")),
    (120, _("2 hours")),
    (240, _("4 hours")),
    (480, _("8 hours")),
    (1440, _("1 day")),
    (2880, _("2 days")),
    (10080, _("1 week")),
]


class AwardField(forms.ModelChoiceField):
    """An award by the instrument on which it gives hours."""

    def label_from_instance(self, obj: Award) -> str:
        return f"{obj.hours_on.name} – {obj.title} ({obj.ref})"


class StandbyForm(forms.Form):
    award = AwardField(
        Award.objects.none(),
        label=_("Instrument"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose an instrument.")},
    )
    hours = HoursField(label=_("How long"), min_value=Decimal("0.01"), max_value=24 * 366, help_text=_("In hours"))
    wait = forms.TypedChoiceField(
        label=_("How long you wait"),
        choices=WAITS,
        coerce=int,
        initial=480,
        help_text=_(
            "The session you are called to ends within it. Stay near your mail: a call waits for minutes only."
        ),
    )
    purpose = forms.CharField(
        label=_("What for"), max_length=300, required=False, help_text=_("One line for the laboratory.")
    )

    def __init__(self, awards: QuerySet[Award], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "award", awards)
        only = list(awards[:2])
        if len(only) == 1:
            self.fields["award"].initial = only[0]

    @property
    def until(self) -> datetime:
        return timezone.now() + timedelta(minutes=self.cleaned_data["wait"])
