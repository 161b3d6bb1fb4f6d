"""The API of bookings: the same querysets, rules and actions as the pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.actions import changes
from bookings.actions.booking import book_time
from bookings.actions.session import begin_session, end_session, state_at
from bookings.door import link_for
from bookings.facts import Facts
from bookings.free import Occupancy, free_slots
from bookings.models import Booking, Session
from bookings.slots import Span
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import User
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts
from portal.core.times import is_in_reach

LONGEST_WINDOW = timedelta(days=31)


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


class PeriodSerializer(serializers.Serializer[Any]):
    """A period: `start` and `end`, ISO 8601 with offset."""

    start = InstantField()
    end = InstantField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["start"] >= attrs["end"]:
            raise serializers.ValidationError({"end": _("The end must come after the start.")}, code="empty")
        return attrs


class NewBookingSerializer(PeriodSerializer):
    """What a booking needs; who takes part are e-mail addresses of the award's people, by default its holder."""

    instrument = serializers.SlugField()
    award = serializers.CharField(max_length=12)
    participants = serializers.ListField(child=serializers.EmailField(), required=False, max_length=50)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=300)


class ReasonSerializer(serializers.Serializer[Any]):
    why = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


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
        data = _valid(NewBookingSerializer, request)
        instrument = _one_of(Instrument.objects.visible_to(request.user), "instrument", slug=data["instrument"])
        award = _one_of(Award.objects.visible_to(request.user).select_related("holder"), "award", ref=data["award"])
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
        data = _valid(PeriodSerializer, request)
        period = Span(data["start"], data["end"])
        return self._shown(changes.move_booking(self.get_object(), period, by=request.user))

    def _with_reason(self, deed: Any) -> Response:
        why = _valid(ReasonSerializer, self.request)["why"]
        return self._shown(deed(self.get_object(), by=self.request.user, why=why))

    def _shown(self, booking: Booking) -> Response:
        return Response(BookingSerializer(booking).data)


class SlotSerializer(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class AvailabilityViewSet(viewsets.ViewSet):
    """Free slots of an instrument that this person could book, of the shortest length or of `minutes`."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        parameters=[
            OpenApiParameter("from", datetime, required=True),
            OpenApiParameter("to", datetime, required=True),
            OpenApiParameter("minutes", int),
        ],
        responses=SlotSerializer(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        instrument = get_object_or_404(Instrument.objects.visible_to(request.user), slug=slug)
        window, minutes = _window(request)
        facts = Facts.read(instrument, window)
        slots = free_slots(facts, minutes or facts.policy.shortest, timezone.now(), Occupancy.read(facts))
        found = [slot for slot in slots if slot.end <= window.end]
        return Response({"results": SlotSerializer(found, many=True).data})


class SessionSerializer(serializers.ModelSerializer[Session]):
    booking = serializers.SlugRelatedField[Booking](slug_field="ref", read_only=True)
    state = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = ["booking", "state", "starts_at", "ends_at", "opened_at", "closed_at", "link"]

    def get_state(self, session: Session) -> str:
        return state_at(session, timezone.now())

    def get_link(self, session: Session) -> str:
        """The laboratory's link: for those who take part, while the session is live."""
        return link_for(self.context["request"].user, session, timezone.now())


class SessionViewSet(
    IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Session]
):
    """Sessions of the bookings that you may see, by the booking's reference."""

    serializer_class = SessionSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "booking__ref"
    lookup_url_kwarg = "ref"

    def get_queryset(self) -> Any:
        bookings = Booking.objects.visible_to(self.request.user)
        return Session.objects.filter(booking__in=bookings.values("pk")).select_related(
            "booking__instrument__policy", "booking__award"
        )

    @extend_schema(request=None, responses=SessionSerializer)
    @action(detail=True, methods=["post"])
    def begin(self, request: SignedInApiRequest, ref: str) -> Response:
        begin_session(self.get_object().booking, by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=SessionSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: SignedInApiRequest, ref: str) -> Response:
        end_session(self.get_object().booking, by=request.user)
        return Response(self.get_serializer(self.get_object()).data)


def _valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    return form.validated_data


def _one_of(rows: Any, field: str, **lookup: Any) -> Any:
    """The one visible row, or a 400 that names the field: what is not yours does not exist for you."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise serializers.ValidationError({field: [_("There is none of this name that you may use.")]}, code="unknown")
    return row


def _people(addresses: list[str]) -> list[User]:
    people = list(User.objects.filter(email__in=[address.lower() for address in addresses]))
    if len(people) < len(set(map(str.lower, addresses))):
        sentence = _("Choose among the researchers who share this award.")
        raise serializers.ValidationError({"participants": [sentence]}, code="not_of_the_award")
    return people


class _WindowSerializer(serializers.Serializer[Any]):
    to = InstantField()
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=60 * 24 * 31)

    def get_fields(self) -> dict[str, Any]:
        return {"from": InstantField(), **super().get_fields()}  # `from` is a word of the language


def _window(request: Request) -> tuple[Span, int | None]:
    """The period asked about, at most a month."""
    form = _WindowSerializer(data=request.query_params)
    form.is_valid(raise_exception=True)
    window = Span(form.validated_data["from"], form.validated_data["to"])
    if not timedelta() < window.end - window.start <= LONGEST_WINDOW:
        raise serializers.ValidationError(
            {"to": [_("Ask for at most 31 days, the end after the start.")]}, code="window"
        )
    return window, form.validated_data.get("minutes")


routes = [
    ("bookings", BookingViewSet, "booking"),
    ("sessions", SessionViewSet, "session"),
    (r"instruments/(?P<slug>[-\w]+)/availability", AvailabilityViewSet, "availability"),
]
