"""Samples in the API: the same querysets, rules and actions as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from bookings.actions import sample as actions
from bookings.api.fields import ReasonSerializer, one_of, valid
from bookings.models import Booking, Sample
from calls.enums import Hazard
from calls.models import Award
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts

VERBS = "|".join((*actions.BY_LABORATORY, "lose"))


class SampleSerializer(serializers.ModelSerializer[Sample]):
    award = serializers.SlugRelatedField[Award](slug_field="ref", read_only=True)
    booking = serializers.SlugRelatedField[Booking](slug_field="ref", read_only=True, allow_null=True)
    instrument = serializers.CharField(source="instrument.slug", read_only=True)

    class Meta:
        model = Sample
        fields: Any = [
            "ref", "award", "booking", "instrument", *actions.COLUMNS, "state",
            "carrier", "tracking", "expected_on", "received_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewSampleSerializer(serializers.ModelSerializer[Sample]):
    """A sample of `award`, for its `booking` where that is known."""

    award = serializers.CharField(max_length=12)
    booking = serializers.CharField(max_length=12, required=False)
    hazards = serializers.ListField(
        child=serializers.ChoiceField(choices=Hazard.choices), default=list, max_length=len(Hazard)
    )

    class Meta:
        model = Sample
        fields = ["award", "booking", *actions.COLUMNS]


class ShipSerializer(serializers.ModelSerializer[Sample]):
    """How it travels, as far as that is known."""

    class Meta:
        model = Sample
        fields = ["carrier", "tracking", "expected_on"]


class SampleViewSet(IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Sample]):
    """Samples that you may see. POST declares one; what happens to it are POSTs below it."""

    serializer_class = SampleSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "ref"
    filterset_fields = {"state": ["exact"], "award__ref": ["exact"], "award__instrument__slug": ["exact"]}

    def get_queryset(self) -> Any:
        return Sample.objects.visible_to(self.request.user).for_page().order_by("-pk")

    @extend_schema(request=NewSampleSerializer, responses={201: SampleSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        data = valid(NewSampleSerializer, request)
        award = one_of(Award.objects.visible_to(request.user), "award", ref=data.pop("award"))
        ref = data.pop("booking", None)
        booking = one_of(Booking.objects.visible_to(request.user), "booking", ref=ref) if ref else None
        sample = actions.declare_sample(award, data, by=request.user, booking=booking)
        return Response(SampleSerializer(sample).data, status=201)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: SignedInApiRequest, ref: str) -> Response:
        """Take back a declaration of what was not sent."""
        actions.remove_sample(self.get_object(), by=request.user)
        return Response(status=204)

    @extend_schema(request=ShipSerializer, responses=SampleSerializer)
    @action(detail=True, methods=["post"])
    def ship(self, request: SignedInApiRequest, ref: str) -> Response:
        data = valid(ShipSerializer, request)
        return self._shown(actions.ship_sample(self.get_object(), by=request.user, **data))

    @extend_schema(request=ReasonSerializer, responses=SampleSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: SignedInApiRequest, ref: str) -> Response:
        why = valid(ReasonSerializer, request)["why"]
        return self._shown(actions.refuse_sample(self.get_object(), by=request.user, why=why))

    @extend_schema(operation_id="samples_move", request=None, responses=SampleSerializer)
    @action(detail=True, methods=["post"], url_path=f"(?P<verb>{VERBS})")
    def move(self, request: SignedInApiRequest, ref: str, verb: str) -> Response:
        """What the laboratory says of it; `lose` is open to both sides."""
        return self._shown(actions.move_sample(self.get_object(), verb, by=request.user))

    def _shown(self, sample: Sample) -> Response:
        return Response(SampleSerializer(sample).data)
