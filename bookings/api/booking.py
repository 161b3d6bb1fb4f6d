"""Bookings in the API: the same querysets, rules and actions as the pages."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from bookings.actions import changes
from bookings.actions.booking import book_time, check_may_book
from bookings.actions.participants import set_participants
from bookings.api.fields import PeriodSerializer, ReasonSerializer, one_of, valid
from bookings.facts import Facts
from bookings.models import Booking
from bookings.people import people_of_award
from bookings.policy import not_of_the_award, verdict
from bookings.slots import Span
from bookings.standing import Standing
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import User
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts


def _override() -> serializers.CharField:
    return serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=300,
        default="",
        help_text="Staff only: why rules are set aside; kept in the history with their codes.",
    )


class NewBookingSerializer(PeriodSerializer):
    """What a booking needs; who takes part are e-mail addresses of the award's people, by default its holder."""

    instrument = serializers.SlugField()
    award = serializers.CharField(max_length=12)
    participants = serializers.ListField(child=serializers.EmailField(), required=False, max_length=50)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=300)
    override = _override()


class MoveSerializer(PeriodSerializer):
    override = _override()


class ParticipantsSerializer(serializers.Serializer[Any]):
    """Who takes part: e-mail addresses of the award's people."""

    participants = serializers.ListField(child=serializers.EmailField(), allow_empty=False, max_length=50)


class QuestionSerializer(PeriodSerializer):
    """A period that somebody thinks of booking."""

    instrument = serializers.SlugField()
    award = serializers.CharField(max_length=12)


class VerdictReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class VerdictSerializer(serializers.Serializer[Any]):
    """Whether the rules allow it, with every reason against; that the time is free is another question."""

    allowed = serializers.BooleanField()
    reasons = VerdictReasonSerializer(many=True)


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """`disturbances`: what came in its way since; until it is gone, moving and cancelling cost nothing."""

    instrument = serializers.SlugRelatedField[Instrument](slug_field="slug", read_only=True)
    award = serializers.SlugRelatedField[Award](slug_field="ref", read_only=True)
    unit = serializers.CharField(source="unit.name", read_only=True)
    start = serializers.DateTimeField(read_only=True)
    end = serializers.DateTimeField(read_only=True)
    hours = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = [
            "ref", "instrument", "unit", "award", "start", "end", "hours", "state", "purpose", "version",
            "disturbances",
        ]  # fmt: skip

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
        instrument, award = instrument_and_award(request, data)
        booking = book_time(
            instrument,
            Span(data["start"], data["end"]),
            award,
            by=request.user,
            participants=people_called(award, data.get("participants", [])),
            purpose=data.get("purpose", ""),
            override=data["override"],
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

    @extend_schema(request=MoveSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: SignedInApiRequest, ref: str) -> Response:
        data = valid(MoveSerializer, request)
        period = Span(data["start"], data["end"])
        moved = changes.move_booking(self.get_object(), period, by=request.user, override=data["override"])
        return self._shown(moved)

    @extend_schema(request=ParticipantsSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def participants(self, request: SignedInApiRequest, ref: str) -> Response:
        booking = self.get_object()
        people = people_called(booking.award, valid(ParticipantsSerializer, request)["participants"])
        return self._shown(set_participants(booking, people, by=request.user))

    @extend_schema(parameters=[QuestionSerializer], responses=VerdictSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def check(self, request: SignedInApiRequest) -> Response:
        """What the rules say to a period, with nothing booked."""
        question = QuestionSerializer(data=request.query_params)
        question.is_valid(raise_exception=True)
        data = question.validated_data
        instrument, award = instrument_and_award(request, data)
        check_may_book(award, request.user)
        period, now = Span(data["start"], data["end"]), timezone.now()
        facts = Facts.read(instrument, period)
        reasons = verdict(facts, period, now, Standing.read(award, facts, now), by=request.user)
        return Response(VerdictSerializer({"allowed": not reasons, "reasons": reasons}).data)

    def _with_reason(self, deed: Any) -> Response:
        why = valid(ReasonSerializer, self.request)["why"]
        return self._shown(deed(self.get_object(), by=self.request.user, why=why))

    def _shown(self, booking: Booking) -> Response:
        return Response(BookingSerializer(booking).data)


def instrument_and_award(request: SignedInApiRequest, data: dict[str, Any]) -> tuple[Instrument, Award]:
    instrument = one_of(Instrument.objects.visible_to(request.user), "instrument", slug=data["instrument"])
    award = one_of(Award.objects.visible_to(request.user).select_related("holder"), "award", ref=data["award"])
    return instrument, award


def people_called(award: Award, addresses: list[str]) -> list[User]:
    """The award's people with these addresses; who is none of them does not exist here."""
    wanted = {address.lower() for address in addresses}
    people = [user for user in people_of_award(award) if user.email.lower() in wanted] if wanted else []
    if len(people) < len(wanted):
        raise serializers.ValidationError({"participants": [not_of_the_award().message]}, code="not_of_the_award")
    return people
