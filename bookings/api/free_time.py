"""The first free time on any of some instruments, in the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.availability import WINDOW, window_asked
from bookings.api.fields import one_of
from bookings.search import first_free
from instruments.models import Technique

DEFAULT_MINUTES = 60


class FoundSerializer(serializers.Serializer[Any]):
    """`minutes` is the length there, which may be longer than the one asked for; `award` is yours that pays for it."""

    instrument = serializers.SlugField(source="instrument.slug")
    start = serializers.DateTimeField(source="period.start")
    end = serializers.DateTimeField(source="period.end")
    minutes = serializers.IntegerField()
    has_hours = serializers.BooleanField()
    award = serializers.CharField(source="award.ref", default=None, allow_null=True)


@extend_schema_serializer(many=False)  # all at once: it has no pages
class FreeTimeSerializer(serializers.Serializer[Any]):
    """`more` says that there are instruments beyond the ones looked at."""

    results = FoundSerializer(source="free", many=True)
    more = serializers.BooleanField(source="is_cut")


class FreeTimeViewSet(viewsets.ViewSet):
    """The first free time of `minutes` on each listed instrument (of a technique), the earliest first, at most 100."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        parameters=[
            *WINDOW,
            OpenApiParameter("technique", str),
            OpenApiParameter("mine", bool, description="Only instruments on which you have hours"),
        ],
        responses=FreeTimeSerializer,
    )
    def list(self, request: Request) -> Response:
        window, minutes = window_asked(request)
        wish = _WishSerializer(data=request.query_params)
        wish.is_valid(raise_exception=True)
        technique = wish.validated_data.get("technique", "")
        if technique:
            one_of(Technique.objects.all(), "technique", slug=technique)
        search = first_free(
            request.user,
            minutes or DEFAULT_MINUTES,
            window,
            timezone.now(),
            technique=technique,
            only_mine=wish.validated_data["mine"],
        )
        return Response(FreeTimeSerializer(search).data)


class _WishSerializer(serializers.Serializer[Any]):
    technique = serializers.SlugField(required=False)
    mine = serializers.BooleanField(default=False)
