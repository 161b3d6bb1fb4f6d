"""The room of a session in the API: who is there, control, chat and guests."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from bookings.actions.room import control
from bookings.actions.room.chat import LONGEST, say
from bookings.actions.room.guests import invite_guest, withdraw_guest
from bookings.api.fields import one_of, valid
from bookings.company import company_of, person_there
from bookings.enums import Part
from bookings.models import Booking, ChatMessage, Guest, Session
from portal.accounts.requests import SignedInApiRequest
from portal.core.errors import Forbidden

MOST = 100  # messages an answer
DEEDS = {
    "ask": control.ask_control,
    "release": control.release_control,
    "take": control.take_control,
}


class PersonSerializer(serializers.Serializer[Any]):
    """Somebody of a session. `is_here`: the instrument's screen is open before them."""

    person = serializers.IntegerField(source="user.pk", help_text="To hand control over to.")
    name = serializers.CharField(source="user.name")
    part = serializers.ChoiceField(choices=Part.choices)
    may_control = serializers.BooleanField()
    is_here = serializers.BooleanField()
    has_control = serializers.BooleanField()
    asks_at = serializers.DateTimeField(allow_null=True)


class ControlSerializer(serializers.Serializer[Any]):
    """`verb`: `ask`, `release`, `take` (operators) or `hand_over`, which needs `to`, the `person` of somebody there."""

    verb = serializers.ChoiceField(choices=[*DEEDS, "hand_over"])
    to = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["verb"] == "hand_over" and "to" not in attrs:
            raise serializers.ValidationError({"to": _("Say to whom control is handed over.")}, code="required")
        return attrs


class MessageSerializer(serializers.ModelSerializer[ChatMessage]):
    id = serializers.IntegerField(read_only=True)
    author = serializers.CharField(source="author.name", read_only=True)

    class Meta:
        model = ChatMessage
        fields = ["id", "author", "text", "sent_at"]
        read_only_fields = ["sent_at"]


class SaySerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST)


class GuestSerializer(serializers.Serializer[Any]):
    """An address that is invited to watch."""

    email = serializers.EmailField(max_length=254)


class RoomActions(viewsets.GenericViewSet[Session]):
    """Beside the session itself: `people/`, `control/`, `chat/` and `guests/`."""

    @extend_schema(responses=PersonSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def people(self, request: SignedInApiRequest, ref: str) -> Response:
        """Who is in the session, those who are there first."""
        return self._company(self._watched(request))

    @extend_schema(request=ControlSerializer, responses=PersonSerializer(many=True))
    @action(detail=True, methods=["post"], pagination_class=None)
    def control(self, request: SignedInApiRequest, ref: str) -> Response:
        """Ask for control, hand it over, let go of it, or (operators) take it."""
        booking, typed = self._watched(request), valid(ControlSerializer, request)
        if typed["verb"] == "hand_over":
            control.hand_over(booking, person_there(booking, typed["to"]), by=request.user)
        else:
            DEEDS[typed["verb"]](booking, by=request.user)
        return self._company(self._watched(request))

    @extend_schema(
        parameters=[
            OpenApiParameter("after", int, description="Messages after the one with this id; else the newest.")
        ],
        responses=MessageSerializer(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def chat(self, request: SignedInApiRequest, ref: str) -> Response:
        """What was said: a hundred messages at most, the oldest of them first."""
        said = self._watched(request).session.messages.select_related("author")
        after = request.query_params.get("after")
        if after is None:
            found = list(said.order_by("-pk")[:MOST])[::-1]
        elif after.isascii() and after.isdigit() and len(after) < 19:
            found = list(said.filter(pk__gt=int(after)).order_by("pk")[:MOST])
        else:
            raise serializers.ValidationError({"after": _("Give the id of a message.")}, code="invalid")
        return Response(MessageSerializer(found, many=True).data)

    @extend_schema(request=SaySerializer, responses={201: MessageSerializer})
    @chat.mapping.post
    def say(self, request: SignedInApiRequest, ref: str) -> Response:
        """Say something to everybody in the session."""
        message = say(self._watched(request), valid(SaySerializer, request)["text"], by=request.user)
        return Response(MessageSerializer(message).data, status=201)

    @extend_schema(responses=GuestSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def guests(self, request: SignedInApiRequest, ref: str) -> Response:
        """The addresses that are invited to watch: for those who may invite."""
        booking = self._watched(request)
        if not request.user.has_perm("bookings.invite_guest", booking):
            raise Forbidden
        return _guests(booking)

    @extend_schema(request=GuestSerializer, responses={201: GuestSerializer(many=True)})
    @guests.mapping.post
    def invite(self, request: SignedInApiRequest, ref: str) -> Response:
        """Invite an address to watch; its reader gets a mail. Whether it has an account is not told."""
        booking = self._watched(request)
        invite_guest(booking, valid(GuestSerializer, request)["email"], by=request.user)
        return _guests(booking, status=201)

    @extend_schema(request=GuestSerializer, responses=GuestSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="guests/withdraw", pagination_class=None)
    def withdraw(self, request: SignedInApiRequest, ref: str) -> Response:
        """Take an invitation back: who came by it is out at once."""
        booking = self._watched(request)
        if not request.user.has_perm("bookings.invite_guest", booking):
            raise Forbidden
        email = valid(GuestSerializer, request)["email"].lower()
        withdraw_guest(booking, one_of(booking.session.guests, "email", email=email), by=request.user)
        return _guests(booking)

    def _watched(self, request: SignedInApiRequest) -> Booking:
        """The booking of a session that this person may watch, guests included."""
        session = self.get_object()
        if not request.user.has_perm("bookings.watch_session", session.booking):
            raise Forbidden
        return session.booking

    def _company(self, booking: Booking) -> Response:
        return Response(PersonSerializer(company_of(booking, timezone.now()), many=True).data)


def _guests(booking: Booking, status: int = 200) -> Response:
    rows = Guest.objects.invited().filter(session=booking.session)
    return Response(GuestSerializer(rows, many=True).data, status=status)
