"""Sessions in the API."""

from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from bookings.actions.checkin import check_in, check_out
from bookings.actions.extension import extend_session
from bookings.actions.session import begin_session, end_session, state_at
from bookings.api.room import RoomActions
from bookings.door import door_is_open
from bookings.models import Booking, Session
from bookings.presence import Admission, standing_of
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts


class SessionSerializer(serializers.ModelSerializer[Session]):
    booking = serializers.SlugRelatedField[Booking](slug_field="ref", read_only=True)
    state = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()
    operator = serializers.CharField(source="operator.name", default="", read_only=True)

    class Meta:
        model = Session
        fields = [
            "booking", "state", "starts_at", "ends_at", "opened_at", "closed_at", "operator", "checked_in_at", "link",
        ]  # fmt: skip

    def get_state(self, session: Session) -> str:
        return state_at(session, timezone.now())

    def get_link(self, session: Session) -> str:
        """The laboratory's link: for those who take part, while the session is live."""
        if not door_is_open(session, timezone.now()):
            return ""
        standing = self._standing[session.pk, self.context["request"].user.pk]
        return session.booking.instrument.link if standing.takes_part or standing.runs else ""

    @cached_property
    def _standing(self) -> dict[tuple[int, int], Admission]:
        """What the reader may do in each session of the answer, in one statement."""
        shown: Any = [self.instance] if self.parent is None else self.parent.instance
        return standing_of((session.pk, self.context["request"].user.pk) for session in shown)


class ExtendSerializer(serializers.Serializer[Session]):
    """`ends_at`, the end that you saw: with it, one that was made longer meanwhile is left as it is."""

    ends_at = serializers.DateTimeField(required=False)


class SessionViewSet(IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, RoomActions):
    """Sessions of the bookings that you may see, and those you are invited to watch, by the booking's reference."""

    serializer_class = SessionSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "booking__ref"
    lookup_url_kwarg = "ref"

    def get_queryset(self) -> Any:
        return Session.objects.watchable_by(self.request.user).select_related(
            "booking__instrument__policy", "booking__unit__desktop", "booking__award__holder", "operator"
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

    @extend_schema(request=ExtendSerializer, responses=SessionSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: SignedInApiRequest, ref: str) -> Response:
        """Go on for one more step of the policy, which the award pays, while nobody follows in an open laboratory."""
        asked = ExtendSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        extend_session(self.get_object().booking, by=request.user, seen=asked.validated_data.get("ends_at"))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=SessionSerializer)
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: SignedInApiRequest, ref: str) -> Response:
        """For operators: say that you run this session."""
        check_in(self.get_object().booking, by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=SessionSerializer)
    @action(detail=True, methods=["post"], url_path="check-out")
    def check_out(self, request: SignedInApiRequest, ref: str) -> Response:
        """For operators: take it back before the session begins."""
        check_out(self.get_object().booking, by=request.user)
        return Response(self.get_serializer(self.get_object()).data)
