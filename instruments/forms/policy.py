"""The booking policy, lengths typed in hours."""

from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext_lazy as _

from instruments.forms.hours import DAY, HOUR, minutes_of
from instruments.models import Policy


class HoursField(forms.DecimalField):
    """A length typed in hours, kept in minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=24 * 366, max_digits=7, decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show minutes (int) as hours; give back what was typed (str) as it was."""
        if isinstance(value, int):
            return f"{value / HOUR:.2f}".rstrip("0").rstrip(".")
        return value

    def to_python(self, value: Any) -> Any:
        """Take `12,5` too where that is how numbers are written."""
        return super().to_python(sanitize_separators(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as shown: in hours."""
        return super().has_changed(self.to_python(self.prepare_value(initial)), data)

    def clean(self, value: Any) -> int | None:
        hours: Decimal | None = super().clean(value)
        return None if hours is None else round(hours * HOUR)


class PolicyForm(forms.ModelForm):
    shortest = HoursField(label=_("Shortest booking"), help_text=_("hours"))
    longest = HoursField(label=_("Longest booking"), help_text=_("hours"))
    notice = HoursField(label=_("Notice before the start"), help_text=_("hours"))
    cancel_notice = HoursField(label=_("Free cancellation until"), help_text=_("hours before the start"))
    confirm_by = HoursField(label=_("Confirm until"), help_text=_("hours before the start; then the request lapses"))
    weekly_limit = HoursField(label=_("Limit per award and week"), help_text=_("hours"), required=False)
    offer_minutes = HoursField(
        label=_("An offer from the waiting list is held for"), help_text=_("hours; shorter when the time is near")
    )
    day_starts = forms.TimeField(
        label=_("Days begin at"),
        help_text=_("for whole days, on the laboratory’s clock"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )

    class Meta:
        model = Policy
        fields = [
            "whole_days", "day_starts", "step", "shortest", "longest", "notice", "horizon_days", "before", "after",
            "needs_certificate", "needs_sample", "needs_operator", "weekly_limit", "open_bookings_limit",
            "needs_confirmation", "confirm_by", "cancel_notice", "late_cancel_percent", "offer_minutes",
            "has_standby", "standby_minutes", "days_kept",
        ]  # fmt: skip

    def __init__(self, policy: Policy, data: Any = None) -> None:
        super().__init__(data, instance=policy, initial={"day_starts": time(*divmod(policy.day_starts, HOUR))})

    def clean_day_starts(self) -> int:
        return minutes_of(self.cleaned_data["day_starts"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        shortest, longest = cleaned.get("shortest"), cleaned.get("longest")
        if shortest is None or longest is None:
            return cleaned
        if longest < shortest:
            self.add_error("longest", _("The longest booking is not shorter than the shortest."))
        if cleaned.get("has_standby") and cleaned.get("needs_confirmation"):
            self.add_error(
                "has_standby", _("Who waits on the spot cannot wait for an operator to confirm. Choose one.")
            )
        if cleaned.get("whole_days"):
            cleaned["step"] = DAY
            for name in ("shortest", "longest"):
                if cleaned[name] % DAY or not cleaned[name]:
                    self.add_error(name, _("Whole days: 24 hours, 48 hours and so on."))
        elif (step := cleaned.get("step")) is not None:
            self._check_step(step, shortest)
        return cleaned

    def _check_step(self, step: int, shortest: int) -> None:
        if step < 5:
            self.add_error("step", _("A step is five minutes at least."))
        elif shortest < step or shortest % step:
            self.add_error("shortest", _("The shortest booking is one step or several whole steps."))

    def _post_clean(self) -> None:
        """Leave the row alone: the action writes it and asks the model's own validation."""
