"""Closures, typed on the laboratory's clock."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext_lazy as _

from instruments.models import Instrument, Unit
from portal.core.forms import choose_from
from portal.core.times import LocalTimeError, local_moment


class WallTimeField(forms.Field):
    """A day and time as clocks in `zone` show it (set it on the field); cleans to an aware moment."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    zone: Any = None

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            typed = parse_datetime(str(value).strip())
        except ValueError:
            typed = None
        if typed is None or not is_naive(typed):
            raise ValidationError(_("Give a day and a time, such as 2027-03-22 09:00."), code="invalid")
        try:
            return local_moment(typed, self.zone)
        except LocalTimeError as error:
            raise ValidationError(str(error), code="clock_change") from error
        except OverflowError:
            raise ValidationError(_("This day is too far away."), code="invalid") from None


class ClosureForm(forms.Form):
    starts = WallTimeField(label=_("From"))
    ends = WallTimeField(label=_("Until"))
    unit = forms.ModelChoiceField(
        label=_("What is closed"), queryset=Unit.objects.none(), required=False, empty_label=_("The whole instrument")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("A few words for those who wanted this time, such as Service.")
    )

    def __init__(self, instrument: Instrument, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for name in ("starts", "ends"):
            cast(WallTimeField, self.fields[name]).zone = instrument.zone
        choose_from(self, "unit", instrument.units.all())
