"""Fields of calls and awards: hours as people type them, wall times without a zone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext_lazy as _

from portal.core.times import LocalTimeError, is_in_reach, local_moment

MOST_HOURS = 100_000


class HoursField(forms.DecimalField):
    """Hours at the edge, whole minutes inside: `12.5` is cleaned to 750."""

    def __init__(self, *, min_value: int = 0, **options: Any) -> None:
        super().__init__(min_value=min_value, max_value=MOST_HOURS, decimal_places=4, **options)
        self.error_messages["invalid"] = _("Enter hours as a number, such as 12 or 12.5.")

    def to_python(self, value: Any) -> Any:
        """Take `12,5` too where that is how numbers are written."""
        return super().to_python(sanitize_separators(value))

    def clean(self, value: Any) -> int | None:
        hours = super().clean(value)
        if hours is None:
            return None
        minutes = hours * 60
        if minutes != minutes.to_integral_value():
            raise ValidationError(_("Enter hours that come to whole minutes, such as 12.5 or 0.25."), code="minutes")
        return int(minutes)

    def prepare_value(self, value: Any) -> Any:
        """Minutes from the database are shown as hours; what was typed is shown as it was typed."""
        if isinstance(value, int) and not isinstance(value, bool):
            return (Decimal(value) / 60).normalize().__format__("f")
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare hours with hours: the initial value comes in minutes."""
        return super().has_changed(Decimal(initial) / 60 if isinstance(initial, int) else initial, data)


class WallTimeField(forms.DateTimeField):
    """A day and time as a clock on some wall shows it: cleaned to a naive datetime, whose zone the form knows."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["invalid"] = _("Enter a day and time such as 2027-01-31T23:59.")

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):  # a zone without gaps, so that only the form judges the clock changes
            moment = super().to_python(value)
        if moment is None:
            return None
        if moment.utcoffset() != timedelta():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment.replace(tzinfo=None)

    def prepare_value(self, value: Any) -> Any:
        return value


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not is_in_reach(day):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


def moment_of(form: forms.Form, name: str, naive: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment of a typed wall time; an error on the field when the zone skips it or has it twice."""
    try:
        return local_moment(naive, zone)
    except LocalTimeError as error:
        form.add_error(name, str(error))
        return None


def wall_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in `zone` shows at `moment`."""
    return moment.astimezone(zone).replace(tzinfo=None)
