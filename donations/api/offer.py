"""Offers in the API: the public ones for everybody, one's own in any state, written by the deeds of the pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from donations.actions import offer as actions
from donations.actions.draft import save_section
from donations.api.need import PhotoSerializer, WithdrawThingSerializer
from donations.api.offer_section import SectionSerializer
from donations.enums import Giving, OfferState
from donations.models import Offer, OfferFeature
from donations.offer_steps import STEPS
from donations.steps import missing, version_of
from instruments.models import EquipmentCategory
from portal.accounts.requests import SignedInApiRequest
from portal.api.conditional import ConditionalReads
from portal.api.idempotency import IdempotentPosts


class FeatureSerializer(serializers.ModelSerializer[OfferFeature]):
    """A feature with its value in the feature's unit; null where it is just there."""

    class Meta:
        model = OfferFeature
        fields = ["feature", "value"]


class OfferSerializer(serializers.ModelSerializer[Offer]):
    """What everybody may read: no names of people, no addresses, no serial numbers."""

    category: Any = serializers.SlugRelatedField[EquipmentCategory]("slug", read_only=True, allow_null=True)
    organisation = serializers.CharField(
        source="organisation.name", default=None, read_only=True, allow_null=True, help_text="null: a private donor"
    )
    country = serializers.CharField(source="country.code", read_only=True)
    left = serializers.IntegerField(read_only=True, help_text="pieces that are still to be had")
    url = serializers.HyperlinkedIdentityField("api:offer-detail", lookup_field="ref")

    class Meta:
        model = Offer
        fields = [
            "ref", "title", "language", "category", "maker", "model", "year", "condition", "organisation", "country",
            "city", "state", "quantity", "left", "giving", "loan_months", "public_at", "expires_on", "url",
        ]  # fmt: skip
        read_only_fields = fields


class OfferDetailSerializer(OfferSerializer):
    """Lengths in centimetres, weights in kilograms of one piece, money in euros, power in watts.

    `versions` (section -> number that a change of it carries) and `missing` (what stands between a draft and its being
    handed in) are null for who may not write in it.
    """

    features = FeatureSerializer(many=True, read_only=True)
    photos = PhotoSerializer(many=True, read_only=True)
    versions = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()

    class Meta(OfferSerializer.Meta):
        fields = [
            *OfferSerializer.Meta.fields, "description", "faults", "last_used_on", "tested_on", "test_method",
            "decontaminated", "decontaminated_how", "data_wiped", "needs_mains", "voltage_low", "voltage_high",
            "frequencies", "plug", "power_watts", "weight_kg", "length_cm", "width_cm", "height_cm", "consumables",
            "spares", "has_manuals", "manual_languages", "software", "running_eur", "available_from",
            "available_until", "gives_training", "training_words", "freight", "countries", "features", "photos",
            "versions", "missing",
        ]  # fmt: skip
        read_only_fields = fields

    def get_versions(self, offer: Offer) -> dict[str, int] | None:
        return {step.name: version_of(offer, step.name) for step in STEPS} if self._is_writable(offer) else None

    def get_missing(self, offer: Offer) -> list[str] | None:
        return [sentence for _step, sentence in missing(offer, STEPS)] if self._is_writable(offer) else None

    def _is_writable(self, offer: Offer) -> bool:
        user = self.context["request"].user
        return bool(user.is_authenticated and user.has_perm("donations.write_offer", offer))


class OfferExtensionSerializer(serializers.Serializer[Any]):
    until = serializers.DateField(help_text="a day after today and within a year")


class OfferFilter(filters.FilterSet):
    category = filters.CharFilter(method="of_category", label="slug")
    country = filters.CharFilter(method="in_country", max_length=2, label="ISO 3166 code of where it stands")
    giving = filters.ChoiceFilter(choices=Giving.choices)
    state = filters.ChoiceFilter(choices=OfferState.choices)
    own = filters.BooleanFilter(method="only_own", label="true: what you or your organisation offer")
    q = filters.CharFilter(method="matching", max_length=200, label="words, in the language of Accept-Language")

    class Meta:
        model = Offer
        fields: list[str] = []

    def of_category(self, rows: Any, name: str, slug: str) -> Any:
        return rows.of_category(slug)

    def in_country(self, rows: Any, name: str, code: str) -> Any:
        return rows.in_country(code.upper())

    def only_own(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.own(self.request.user) if wanted else rows

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text, get_language() or "en")


class OfferViewSet(ConditionalReads, IdempotentPosts, viewsets.ReadOnlyModelViewSet[Offer]):
    """Vetted offers, and your own in any state. POST begins a draft, PATCH writes a section of one."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    lookup_field = "ref"
    filterset_class = OfferFilter

    def get_queryset(self) -> QuerySet[Offer]:
        rows: QuerySet[Offer] = Offer.objects.visible_to(self.request.user).for_list().order_by("-public_at", "-pk")
        return rows if self.action == "list" else rows.prefetch_related("features", "photos")

    def get_serializer_class(self) -> type[OfferSerializer]:
        return OfferSerializer if self.action == "list" else OfferDetailSerializer

    @extend_schema(request=None, responses={201: OfferDetailSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        """Begin a draft; what it says is written section by section."""
        offer = actions.start_offer(by=request.user)
        self.kwargs["ref"] = offer.ref
        return self._shown(201)

    @extend_schema(request=SectionSerializer, responses=OfferDetailSerializer)
    def partial_update(self, request: SignedInApiRequest, ref: str) -> Response:
        """Write a section; 409 where somebody else did since the version that was read."""
        offer = self.get_object()
        sent = SectionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        form, step = sent.form_for(offer)
        typed = sent.validated_data
        version, done = typed["version"], typed["done"]
        columns, beside = form.columns(), form.beside()
        save_section(offer, step, columns, version=version, by=request.user, done=done, beside=beside)
        return self._shown()

    @extend_schema(request=None, responses=OfferDetailSerializer)
    @action(detail=True, methods=["post"], url_path="hand-in", permission_classes=[IsAuthenticated])
    def hand_in(self, request: SignedInApiRequest, ref: str) -> Response:
        """Give a draft or a returned offer to staff; twice is once."""
        actions.hand_in_offer(self.get_object(), by=request.user)
        return self._shown()

    @extend_schema(request=WithdrawThingSerializer, responses=OfferDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def withdraw(self, request: SignedInApiRequest, ref: str) -> Response:
        """Take back what of it is not promised."""
        typed = WithdrawThingSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        actions.withdraw_offer(self.get_object(), by=request.user, why=typed.validated_data["why"])
        return self._shown()

    @extend_schema(request=OfferExtensionSerializer, responses=OfferDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def extend(self, request: SignedInApiRequest, ref: str) -> Response:
        """Let a vetted offer stand until another day."""
        typed = OfferExtensionSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        actions.extend_offer(self.get_object(), typed.validated_data["until"], by=request.user)
        return self._shown()

    def _shown(self, status: int = 200) -> Response:
        return Response(OfferDetailSerializer(self.get_object(), context=self.get_serializer_context()).data, status)
