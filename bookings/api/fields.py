"""What the parts of this API share: moments, periods, reasons, and how a body is read."""

import re
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from portal.core.times import is_in_reach

LOST_PLUS = re.compile(r"(T\S+) (\d\d:?\d\d)$")


class InstantField(serializers.DateTimeField):
    """ISO 8601 with an offset: a wall time that does not say where it is read is no moment."""

    default_error_messages = {
        "naive": gettext_lazy("Give the time with its offset, such as 2027-03-22T10:00:00+03:00 or ...Z.")
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            self.fail("naive")
        if not is_in_reach(value):
            self.fail("overflow")
        return value.astimezone(UTC)


class InstantInAddressField(InstantField):
    """The same in an address, where a `+` that nobody escaped arrives as a space."""

    def to_internal_value(self, value: Any) -> datetime:
        return super().to_internal_value(LOST_PLUS.sub(r"\1+\2", value))


class PeriodSerializer(serializers.Serializer[Any]):
    """A period: `start` and `end`, ISO 8601 with offset."""

    start = InstantField()
    end = InstantField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["start"] >= attrs["end"]:
            raise serializers.ValidationError({"end": _("The end must come after the start.")}, code="empty")
        return attrs


class ReasonSerializer(serializers.Serializer[Any]):
    why = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


def valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    return form.validated_data


def one_of(rows: Any, field: str, **lookup: Any) -> Any:
    """The one visible row, or a 400 that names the field: what is not yours does not exist for you."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise serializers.ValidationError({field: [_("There is none of this name that you may use.")]}, code="unknown")
    return row
