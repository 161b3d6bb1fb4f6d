"""Several times in one go, in the API: booked all or none, cancelled as far as they are still to come."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from bookings.actions.series import book_series, cancel_series
from bookings.api.booking import BookingSerializer, instrument_and_award, people_called
from bookings.api.fields import PeriodSerializer, ReasonSerializer, valid
from bookings.models import Booking
from bookings.series import MOST
from bookings.slots import Span
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts


class NewSeriesSerializer(serializers.Serializer[Any]):
    """`periods` need not be a week apart; who takes part are e-mail addresses of the award's people."""

    instrument = serializers.SlugField()
    award = serializers.CharField(max_length=12)
    periods = serializers.ListField(child=PeriodSerializer(), allow_empty=False, max_length=MOST)
    participants = serializers.ListField(child=serializers.EmailField(), required=False, max_length=50)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=300)


class SeriesSerializer(serializers.Serializer[Any]):
    series = serializers.UUIDField()
    bookings = BookingSerializer(many=True)


class SeriesViewSet(IdempotentPosts, viewsets.ViewSet):
    """Bookings that were made in one go. POST books every period or none."""

    permission_classes = [IsAuthenticated]
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    @extend_schema(request=NewSeriesSerializer, responses={201: SeriesSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        data = valid(NewSeriesSerializer, request)
        instrument, award = instrument_and_award(request, data)
        booked = book_series(
            instrument,
            [Span(period["start"], period["end"]) for period in data["periods"]],
            award,
            by=request.user,
            participants=people_called(award, data.get("participants", [])),
            purpose=data.get("purpose", ""),
        )
        return _shown(booked, status=201)

    @extend_schema(responses=SeriesSerializer)
    def retrieve(self, request: SignedInApiRequest, pk: Any) -> Response:
        return _shown(_rows(request, pk))

    @extend_schema(request=ReasonSerializer, responses=SeriesSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInApiRequest, pk: Any) -> Response:
        """Cancel those that are still to come."""
        cancel_series(_rows(request, pk)[0], by=request.user, why=valid(ReasonSerializer, request)["why"])
        return _shown(_rows(request, pk))


def _rows(request: SignedInApiRequest, series: Any) -> list[Booking]:
    """The bookings of the series that this person may see; 404 where there is none."""
    seen = Booking.objects.visible_to(request.user).for_page()
    first = get_object_or_404(seen.filter(series=series).in_order()[:1])
    return list(seen.series_of(first).in_order())


def _shown(rows: list[Booking], status: int = 200) -> Response:
    return Response(SeriesSerializer({"series": rows[0].series, "bookings": rows}).data, status=status)
