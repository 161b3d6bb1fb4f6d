"""Free slots in the API."""

from datetime import datetime, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.fields import InstantInAddressField
from bookings.facts import Facts
from bookings.free import Occupancy, free_slots
from bookings.slots import Span
from instruments.models import Instrument

LONGEST_WINDOW = timedelta(days=31)
WINDOW = [  # what `window_asked` reads
    OpenApiParameter("from", datetime, required=True),
    OpenApiParameter("to", datetime, required=True),
    OpenApiParameter("minutes", int),
]


class SlotSerializer(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


@extend_schema_serializer(many=False)  # all at once: it has no pages
class FreeSlotsSerializer(serializers.Serializer[Any]):
    results = SlotSerializer(many=True)


class AvailabilityViewSet(viewsets.ViewSet):
    """Free slots of an instrument that this person could book, of the shortest length or of `minutes`."""

    permission_classes = [IsAuthenticated]

    @extend_schema(parameters=WINDOW, responses=FreeSlotsSerializer)
    def list(self, request: Request, slug: str) -> Response:
        instrument = get_object_or_404(Instrument.objects.visible_to(request.user), slug=slug)
        window, minutes = window_asked(request)
        facts = Facts.read(instrument, window)
        now = timezone.now()
        slots = free_slots(facts, minutes or facts.policy.shortest, now, Occupancy.read(facts, answerable_at=now))
        found = [slot for slot in slots if slot.end <= window.end]
        return Response(FreeSlotsSerializer({"results": found}).data)


class WindowSerializer(serializers.Serializer[Any]):
    to = InstantInAddressField()
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=60 * 24 * 31)

    def get_fields(self) -> dict[str, Any]:
        return {"from": InstantInAddressField(), **super().get_fields()}  # `from` is a word of the language


def window_asked(request: Request) -> tuple[Span, int | None]:
    """The period asked about, at most a month."""
    form = WindowSerializer(data=request.query_params)
    form.is_valid(raise_exception=True)
    window = Span(form.validated_data["from"], form.validated_data["to"])
    if not timedelta() < window.end - window.start <= LONGEST_WINDOW:
        raise serializers.ValidationError(
            {"to": [_("Ask for at most 31 days, the end after the start.")]}, code="window"
        )
    return window, form.validated_data.get("minutes")
