"""Bookings in the API: the same querysets, rules and actions as the pages."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from bookings.actions import changes
from bookings.actions.booking import book_time
from bookings.api.fields import PeriodSerializer, ReasonSerializer, one_of, valid
from bookings.models import Booking
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import User
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts


class NewBookingSerializer(PeriodSerializer):
    """What a booking needs; who takes part are e-mail addresses of the award's people, by default its holder."""

    instrument = serializers.SlugField()
    award = serializers.CharField(max_length=12)
    participants = serializers.ListField(child=serializers.EmailField(), required=False, max_length=50)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=300)


class BookingSerializer(serializers.ModelSerializer[Booking]):
    instrument = serializers.SlugRelatedField[Instrument](slug_field="slug", read_only=True)
    award = serializers.SlugRelatedField[Award](slug_field="ref", read_only=True)
    unit = serializers.CharField(source="unit.name", read_only=True)
    start = serializers.DateTimeField(read_only=True)
    end = serializers.DateTimeField(read_only=True)
    hours = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = ["ref", "instrument", "unit", "award", "start", "end", "hours", "state", "purpose", "version"]

    def get_hours(self, booking: Booking) -> float:
        return booking.minutes / 60


class BookingViewSet(
    IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Booking]
):
    """Bookings that you may see. POST books; the deeds are POSTs below a booking."""

    serializer_class = BookingSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "ref"
    filterset_fields = {"state": ["exact"], "instrument__slug": ["exact"], "award__ref": ["exact"]}

    def get_queryset(self) -> Any:
        return Booking.objects.visible_to(self.request.user).for_page()

    @extend_schema(request=NewBookingSerializer, responses={201: BookingSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        data = valid(NewBookingSerializer, request)
        instrument = one_of(Instrument.objects.visible_to(request.user), "instrument", slug=data["instrument"])
        award = one_of(Award.objects.visible_to(request.user).select_related("holder"), "award", ref=data["award"])
        booking = book_time(
            instrument,
            Span(data["start"], data["end"]),
            award,
            by=request.user,
            participants=_people(data.get("participants", [])),
            purpose=data.get("purpose", ""),
        )
        return Response(BookingSerializer(booking).data, status=201)

    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: SignedInApiRequest, ref: str) -> Response:
        return self._shown(changes.confirm_booking(self.get_object(), by=request.user))

    @extend_schema(request=ReasonSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: SignedInApiRequest, ref: str) -> Response:
        return self._with_reason(changes.decline_booking)

    @extend_schema(request=ReasonSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInApiRequest, ref: str) -> Response:
        return self._with_reason(changes.cancel_booking)

    @extend_schema(request=ReasonSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def fail(self, request: SignedInApiRequest, ref: str) -> Response:
        return self._with_reason(changes.fail_booking)

    @extend_schema(request=PeriodSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, ref: str) -> Response:
        data = valid(PeriodSerializer, request)
        period = Span(data["start"], data["end"])
        return self._shown(changes.move_booking(self.get_object(), period, by=request.user))

    def _with_reason(self, deed: Any) -> Response:
        why = valid(ReasonSerializer, self.request)["why"]
        return self._shown(deed(self.get_object(), by=self.request.user, why=why))

    def _shown(self, booking: Booking) -> Response:
        return Response(BookingSerializer(booking).data)


def _people(addresses: list[str]) -> list[User]:
    people = list(User.objects.filter(email__in=[address.lower() for address in addresses]))
    if len(people) < len(set(map(str.lower, addresses))):
        sentence = _("Choose among the researchers who share this award.")
        raise serializers.ValidationError({"participants": [sentence]}, code="not_of_the_award")
    return people
