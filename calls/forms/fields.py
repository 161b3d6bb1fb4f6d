"""Fields of calls and awards: wall times without a zone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.times import LocalTimeError, local_moment


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
