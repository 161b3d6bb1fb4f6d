"""Hours as people type them, in the way their language writes numbers."""

import pytest
from django.core.exceptions import ValidationError
from django.forms import DecimalField
from django.utils import translation

from instruments.forms.policy import HoursField as LengthField
from portal.core.forms import HoursField

pytestmark = pytest.mark.parametrize("field", [HoursField, LengthField])


@pytest.mark.parametrize(
    ("language", "typed", "minutes"),
    [("en", "12.5", 750), ("fr", "12,5", 750), ("fr", "12.5", 750), ("fr", "12", 720), ("en", "0.25", 15)],
)
def test_hours_become_minutes(field: type[DecimalField], language: str, typed: str, minutes: int) -> None:
    with translation.override(language):
        assert field().clean(typed) == minutes


@pytest.mark.parametrize(("language", "typed"), [("en", "1,000"), ("fr", "douze"), ("fr", "1,5,0"), ("en", "")])
def test_what_is_no_number_of_hours_is_refused(field: type[DecimalField], language: str, typed: str) -> None:
    with translation.override(language), pytest.raises(ValidationError):
        field().clean(typed)
