"""Stand-by queues in the API: the same querysets, rules and actions as the pages."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from bookings.actions.standby import accept_call, join_standby, leave_standby
from bookings.api.booking import BookingSerializer
from bookings.api.fields import one_of, valid
from bookings.enums import StandbyState
from bookings.models import StandbyEntry
from bookings.queue import outlooks_of
from calls.models import Award
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts


class NewStandbySerializer(serializers.Serializer[Any]):
    """A wish for `minutes` on the award's instrument as soon as they fall free, over by `until`, a week at most."""

    award = serializers.CharField(max_length=12)
    minutes = serializers.IntegerField(min_value=1, max_value=60 * 24 * 366)
    until = serializers.DateTimeField()
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class CallSerializer(serializers.Serializer[Any]):
    """Time that is held until `held_until`; accepting it debits `minutes`."""

    ref = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    held_until = serializers.DateTimeField()


class StandbySerializer(serializers.ModelSerializer[StandbyEntry]):
    instrument = serializers.SlugField(source="instrument.slug", read_only=True)
    award = serializers.CharField(source="award.ref", read_only=True)
    place = serializers.SerializerMethodField()
    begins = serializers.SerializerMethodField()
    call = serializers.SerializerMethodField()

    class Meta:
        model = StandbyEntry
        fields = [
            "ref", "state", "instrument", "award", "minutes", "until", "purpose", "called_at",
            "place", "begins", "call",
        ]  # fmt: skip

    def get_place(self, entry: StandbyEntry) -> int | None:
        """Its place in the queue; null unless it waits."""
        outlook = self.context["outlooks"].get(entry.pk)
        return outlook.place if outlook else None

    def get_begins(self, entry: StandbyEntry) -> str | None:
        """Not before then its time begins, as things are booked now; null where nobody can tell."""
        outlook = self.context["outlooks"].get(entry.pk)
        return outlook.begins.isoformat() if outlook and outlook.begins else None

    def get_call(self, entry: StandbyEntry) -> dict[str, Any] | None:
        """The time that is held for it, if there is a call to answer."""
        return dict(CallSerializer(entry.booking).data) if entry.state == StandbyState.CALLED else None


class StandbyViewSet(IdempotentPosts, viewsets.GenericViewSet[StandbyEntry]):
    """Places in stand-by queues that you may see. POST joins; accept and leave are POSTs below a place."""

    serializer_class = StandbySerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "ref"
    filterset_fields = {"state": ["exact"], "award__ref": ["exact"], "instrument__slug": ["exact"]}

    def get_queryset(self) -> Any:
        return StandbyEntry.objects.visible_to(self.request.user).for_list().order_by("created_at", "pk")

    def list(self, request: SignedInApiRequest) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._data(rows or []))

    def retrieve(self, request: SignedInApiRequest, ref: str) -> Response:
        return self._shown(self.get_object())

    @extend_schema(request=NewStandbySerializer, responses={201: StandbySerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        data = valid(NewStandbySerializer, request)
        award = one_of(Award.objects.visible_to(request.user), "award", ref=data["award"])
        entry = join_standby(award, data["minutes"], data["until"], by=request.user, purpose=data["purpose"])
        return self._shown(self.get_queryset().get(pk=entry.pk), status=201)

    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: SignedInApiRequest, ref: str) -> Response:
        """Take the time that is held; the answer is the booking that it became."""
        booking = accept_call(self.get_object(), by=request.user)
        return Response(BookingSerializer(booking).data)

    @extend_schema(request=None, responses=StandbySerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: SignedInApiRequest, ref: str) -> Response:
        leave_standby(self.get_object(), by=request.user)
        return self._shown(self.get_object())

    def _shown(self, entry: StandbyEntry, status: int = 200) -> Response:
        return Response(self._data([entry])[0], status=status)

    def _data(self, rows: Any) -> Any:
        """These places and where they stand, in the same statements however many they are."""
        context = {**self.get_serializer_context(), "outlooks": outlooks_of(rows, timezone.now())}
        return StandbySerializer(rows, many=True, context=context).data
