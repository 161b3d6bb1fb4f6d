"""What people type to wait for time: with which awards, how long, on which days."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.slots import DAY, Span
from bookings.week import window_of
from calls.models import Award
from portal.core.forms import DayField, HoursField, choose_from

NOTICES = [
    (0, _("None: I can begin at once")),
    (120, _("2 hours")),
    (720, _("12 hours")),
    (1440, _("1 day")),
    (2880, _("2 days")),
    (10080, _("1 week")),
]


class AwardsField(forms.ModelMultipleChoiceField):
    """Awards by the instrument on which they give hours."""

    def label_from_instance(self, obj: Award) -> str:
        return f"{obj.hours_on.name} – {obj.title} ({obj.ref})"


class WaitForm(forms.Form):
    """A place on the waiting list; days are those of the reader's calendar."""

    awards = AwardsField(
        Award.objects.none(),
        label=_("Instruments"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Time on any of these will do."),
        error_messages={"required": _("Choose at least one instrument.")},
    )
    hours = HoursField(label=_("How long"), min_value=Decimal("0.01"), max_value=24 * 366, help_text=_("In hours"))
    first = DayField(label=_("From"))
    last = DayField(label=_("Until"), help_text=_("The last day on which you could use it."))
    least_notice = forms.TypedChoiceField(
        label=_("Notice you need"),
        choices=NOTICES,
        coerce=int,
        initial=1440,
        help_text=_("Time that begins sooner is offered to others."),
    )
    purpose = forms.CharField(
        label=_("What for"), max_length=300, required=False, help_text=_("One line for the laboratory.")
    )

    def __init__(self, awards: QuerySet[Award], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "awards", awards)
        if awards.count() == 1:
            self.fields["awards"].initial = list(awards)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        first, last = typed.get("first"), typed.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(_("The last day comes before the first."), code="empty"))
        return typed

    @property
    def window(self) -> Span:
        """From the midnight with which the first day begins to that with which the last ends, for the reader."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return window_of(first, timezone.get_current_timezone(), (last - first) // DAY + 1)
