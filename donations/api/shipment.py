"""Shipments in the API, by the querysets, rules and actions of the pages; carriers' programs say what they saw."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from donations.actions.shipment import add_events
from donations.models import Shipment, ShipmentMatch, TrackingEvent
from donations.tracking import LONGEST_PLACE, LONGEST_WORDS, Seen
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts


class ShippedMatchSerializer(serializers.ModelSerializer[ShipmentMatch]):
    """A match in a shipment, and whether it is still to be delivered."""

    match = serializers.CharField(source="match.ref", read_only=True)
    quantity = serializers.IntegerField(source="match.quantity", read_only=True)

    class Meta:
        model = ShipmentMatch
        fields = ["match", "quantity", "is_open"]
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer[TrackingEvent]):
    class Meta:
        model = TrackingEvent
        fields = ["at", "place", "words", "source"]
        read_only_fields = fields


class SeenSerializer(serializers.Serializer[Any]):
    """Where the parcels were seen; a moment without an offset is on your clock."""

    at = serializers.DateTimeField()
    place = serializers.CharField(max_length=LONGEST_PLACE, required=False, default="", allow_blank=True)
    words = serializers.CharField(max_length=LONGEST_WORDS)


class ShipmentSerializer(serializers.ModelSerializer[Shipment]):
    """Where a gift is on its way. Addresses are on its pages and papers only."""

    donor = serializers.CharField(source="donor.name", read_only=True)
    organisation = serializers.CharField(source="organisation.slug", read_only=True)
    places = ShippedMatchSerializer(many=True, read_only=True)
    events = EventSerializer(many=True, read_only=True)

    class Meta:
        model = Shipment
        fields = [
            "ref", "state", "donor", "organisation", "incoterm", "incoterm_place", "hs_code", "dangerous", "payer",
            "customs_payer", "carrier", "tracking", "sent_on", "expected_on", "received_on", "trouble", "places",
            "events",
        ]  # fmt: skip
        read_only_fields = fields


class ShipmentViewSet(IdempotentPosts, viewsets.ReadOnlyModelViewSet[Shipment]):
    """Shipments that you send or receive."""

    serializer_class = ShipmentSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "ref"
    filterset_fields = {"state": ["exact"], "organisation__slug": ["exact"]}

    def get_queryset(self) -> Any:
        rows = Shipment.objects.visible_to(self.request.user).for_list()
        return rows.prefetch_related("places__match", "events").order_by("-pk")

    @extend_schema(request=SeenSerializer, responses={200: ShipmentSerializer, 201: ShipmentSerializer})
    @action(detail=True, methods=["post"])
    def track(self, request: SignedInApiRequest, ref: str) -> Response:
        """Say where its parcels were seen; what is known already counts once."""
        typed = SeenSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        shipment = self.get_object()
        new = add_events(shipment, [Seen(**typed.validated_data)], by=request.user)
        shown = self.get_serializer(self.get_queryset().get(pk=shipment.pk))
        return Response(shown.data, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)
