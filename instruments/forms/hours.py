"""The week's opening hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from instruments.enums import Weekday
from instruments.models import OpeningHours
from instruments.words import ChangedDay

HOUR, DAY = 60, 1440
STRETCHES = 2


@dataclass(frozen=True)
class DayRow:
    """A weekday of the hours form and its pairs of fields (opens, closes); `stored` where two wrote at once."""

    label: str
    stretches: list[tuple[BoundField, BoundField]]
    stored: ChangedDay | None = None


class HoursForm(forms.Form):
    """Seven days, two stretches each (more where there are more, or were when it was typed), on the laboratory's clock.

    A stretch that ends at midnight is typed as ending at 00:00.
    """

    def __init__(self, hours: list[OpeningHours], data: Any = None) -> None:
        super().__init__(data)
        self.use_required_attribute = False
        self.per_day = max([STRETCHES, *(sum(row.weekday == day for row in hours) for day in range(7))])
        while data and f"opens_0_{self.per_day}" in data:
            self.per_day += 1
        for day in Weekday:
            rows = [row for row in hours if row.weekday == day.value]
            for number in range(self.per_day):
                self._add_stretch(day, number, rows[number] if number < len(rows) else None)

    def _add_stretch(self, day: Weekday, number: int, row: OpeningHours | None) -> None:
        labels = {"opens": _("%(day)s opens (%(number)d)"), "closes": _("%(day)s closes (%(number)d)")}
        for edge, words in labels.items():
            label = words % {"day": day.label, "number": number + 1}
            initial = time(*divmod(getattr(row, edge) % DAY, HOUR)) if row else None
            self.fields[f"{edge}_{day.value}_{number}"] = forms.TimeField(
                label=label,
                required=False,
                initial=initial,
                widget=forms.TimeInput(
                    {"type": "time", "class": "input input-time", "aria-label": label}, format="%H:%M"
                ),
            )

    @property
    def numbers(self) -> range:
        return range(self.per_day)

    def days(self, stored: Sequence[ChangedDay | None] = (None,) * 7) -> Iterator[DayRow]:
        for day in Weekday:
            names = [(f"opens_{day.value}_{number}", f"closes_{day.value}_{number}") for number in range(self.per_day)]
            yield DayRow(str(day.label), [(self[opens], self[closes]) for opens, closes in names], stored[day.value])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for day in Weekday:
            end = 0
            for number in range(self.per_day):
                end = self._check(day.value, number, end)
        return cleaned

    def _check(self, day: int, number: int, previous: int) -> int:
        """Complain about one stretch; return when it closes (or `previous`)."""
        opens, closes = (f"{edge}_{day}_{number}" for edge in ("opens", "closes"))
        begin, end = self.cleaned_data.get(opens), self.cleaned_data.get(closes)
        if begin is None and end is None:
            return previous
        if begin is None or end is None:
            missing = opens if begin is None else closes
            if missing not in self.errors:
                self.add_error(missing, _("Give both times, or leave both empty."))
            return previous
        begins, ends = minutes_of(begin), minutes_of(end) or DAY
        if ends <= begins:
            self.add_error(closes, _("It closes after it opens. A night goes on the next day, from 00:00."))
        elif begins < previous:
            self.add_error(opens, _("This overlaps the stretch before it. Make them one."))
        return ends

    @property
    def stretches(self) -> list[tuple[int, int, int]]:
        """(weekday, opens, closes) in minutes; call it on a valid form."""
        found = []
        for day in Weekday:
            for number in range(self.per_day):
                opens = self.cleaned_data[f"opens_{day.value}_{number}"]
                if opens is not None:
                    closes = self.cleaned_data[f"closes_{day.value}_{number}"]
                    found.append((day.value, minutes_of(opens), minutes_of(closes) or DAY))
        return found


def minutes_of(clock: time) -> int:
    """Return minutes since midnight."""
    return clock.hour * HOUR + clock.minute
