"""The waiting list in the API: the same querysets, rules and actions as the pages."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from bookings.actions.waitlist import accept_offer, decline_offer, join_waitlist, leave_waitlist
from bookings.api.booking import BookingSerializer
from bookings.api.fields import PeriodSerializer, ReasonSerializer, one_of, valid
from bookings.enums import BookingState
from bookings.models import Booking, WaitlistEntry
from bookings.slots import Span
from bookings.wishes import places_of
from calls.models import Award
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts
from portal.core.errors import Reason, Refused


class NewPlaceSerializer(PeriodSerializer):
    """A wish for `minutes` of time between `start` and `end` with any of `awards`, one for each instrument.

    `least_notice` is how many minutes ahead an offer must come to be of use.
    """

    awards = serializers.ListField(child=serializers.CharField(max_length=12), min_length=1, max_length=20)
    minutes = serializers.IntegerField(min_value=1, max_value=60 * 24 * 366)
    least_notice = serializers.IntegerField(required=False, min_value=0, max_value=60 * 24 * 30, default=1440)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")


class OfferSerializer(BookingSerializer):
    """Time that is held until `held_until` for this place; accepting it debits `hours`."""

    held_until = serializers.DateTimeField(read_only=True)

    class Meta(BookingSerializer.Meta):
        fields = [*BookingSerializer.Meta.fields, "held_until"]


class AcceptSerializer(serializers.Serializer[Any]):
    """Which offer is meant, by the `ref` of the time that is held; without it the newest."""

    offer = serializers.CharField(required=False, max_length=12)


class DeclineSerializer(AcceptSerializer, ReasonSerializer):
    """The same, and why if you like to say it."""


class PlaceOnInstrumentSerializer(serializers.Serializer[Any]):
    instrument = serializers.SlugField(source="instrument.slug")
    award = serializers.CharField(source="ref")
    place = serializers.SerializerMethodField()

    def get_place(self, award: Award) -> int | None:
        """Its place on the waiting list of this instrument; null unless it waits."""
        places = self.context["places"].get(self.context["entry"], {})
        return places.get(award.instrument_id)


class PlaceSerializer(serializers.ModelSerializer[WaitlistEntry]):
    start = serializers.DateTimeField(read_only=True)
    end = serializers.DateTimeField(read_only=True)
    instruments = serializers.SerializerMethodField()
    offer = serializers.SerializerMethodField()

    class Meta:
        model = WaitlistEntry
        fields = ["ref", "state", "start", "end", "minutes", "least_notice", "purpose", "instruments", "offer"]

    def get_instruments(self, entry: WaitlistEntry) -> list[dict[str, Any]]:
        awards, context = entry.awards.all(), {**self.context, "entry": entry.pk}
        return [dict(PlaceOnInstrumentSerializer(award, context=context).data) for award in awards]

    def get_offer(self, entry: WaitlistEntry) -> dict[str, Any] | None:
        """The time that is held for it, if there is one to answer."""
        offer = self.context["offers"].get(entry.pk)
        return OfferSerializer(offer).data if offer else None


class WaitlistViewSet(IdempotentPosts, viewsets.GenericViewSet[WaitlistEntry]):
    """Places on the waiting list that you may see. POST joins; leave, accept and decline are POSTs below a place."""

    serializer_class = PlaceSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "ref"
    filterset_fields = {"state": ["exact"], "awards__ref": ["exact"], "awards__instrument__slug": ["exact"]}

    def get_queryset(self) -> Any:
        return WaitlistEntry.objects.visible_to(self.request.user).for_list().order_by("created_at", "pk")

    def list(self, request: SignedInApiRequest) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._data(rows or []))

    def retrieve(self, request: SignedInApiRequest, ref: str) -> Response:
        return self._shown(self.get_object())

    @extend_schema(request=NewPlaceSerializer, responses={201: PlaceSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        data = valid(NewPlaceSerializer, request)
        rows = Award.objects.visible_to(request.user)
        entry = join_waitlist(
            [one_of(rows, "awards", ref=ref) for ref in dict.fromkeys(data["awards"])],
            Span(data["start"], data["end"]),
            data["minutes"],
            by=request.user,
            least_notice=data["least_notice"],
            purpose=data["purpose"],
        )
        return self._shown(self.get_queryset().get(pk=entry.pk), status=201)

    @extend_schema(request=None, responses=PlaceSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: SignedInApiRequest, ref: str) -> Response:
        leave_waitlist(self.get_object(), by=request.user)
        return self._shown(self.get_object())

    @extend_schema(request=AcceptSerializer, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: SignedInApiRequest, ref: str) -> Response:
        """Accept the offer; the answer is the booking that it became."""
        offer = _offer(self.get_object(), valid(AcceptSerializer, request))
        booking = accept_offer(offer, by=request.user)
        return Response(BookingSerializer(booking).data)

    @extend_schema(request=DeclineSerializer, responses=PlaceSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: SignedInApiRequest, ref: str) -> Response:
        """Decline the offer; the place stays."""
        data = valid(DeclineSerializer, request)
        decline_offer(_offer(self.get_object(), data), by=request.user, why=data["why"])
        return self._shown(self.get_object())

    def _shown(self, entry: WaitlistEntry, status: int = 200) -> Response:
        return Response(self._data([entry])[0], status=status)

    def _data(self, rows: Any) -> Any:
        """These places with their offers and where they stand, in the same statements however many they are."""
        numbers = [row.pk for row in rows]
        offers = Booking.objects.for_page().filter(entry__in=numbers, state=BookingState.HELD)
        offers = offers.filter(held_until__gt=timezone.now())
        context = {
            **self.get_serializer_context(),
            "places": places_of(numbers),
            "offers": {offer.entry_id: offer for offer in offers},
        }
        return PlaceSerializer(rows, many=True, context=context).data


def _offer(entry: WaitlistEntry, data: dict[str, Any]) -> Booking:
    """The offer that is meant, answered already or not."""
    rows = entry.offers.select_related("instrument", "award").order_by("-pk")
    offer = (rows.filter(ref=data["offer"]) if "offer" in data else rows).first()
    if offer is None:
        raise Refused(Reason("no_offer", _("There is no such offer to answer.")))
    return offer
