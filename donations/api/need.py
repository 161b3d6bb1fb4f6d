"""Needs in the API: the public ones for everybody, one's own in any state; the same querysets, rules and actions."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from donations.actions import need as actions
from donations.actions.draft import may_write, save_section
from donations.api.need_section import NeedSectionSerializer, NeedStartSerializer
from donations.enums import NeedState, Purpose
from donations.models import Need, Photo, Requirement
from donations.need_steps import STEPS
from donations.steps import missing, version_of
from instruments.models import EquipmentCategory
from portal.accounts.requests import SignedInApiRequest
from portal.api.conditional import ConditionalReads
from portal.api.idempotency import IdempotentPosts


class RequirementSerializer(serializers.ModelSerializer[Requirement]):
    """A feature with its bounds in the feature's unit; both null where it is there or not."""

    class Meta:
        model = Requirement
        fields = ["feature", "least", "most", "is_must"]


class PhotoSerializer(serializers.ModelSerializer[Photo]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ["alt", "width", "height", "url"]

    def get_url(self, photo: Photo) -> str:
        return settings.SITE_URL + reverse("donations:photo", args=[photo.pk, "large"])


class NeedSerializer(serializers.ModelSerializer[Need]):
    """What everybody may read: no names of people, no addresses."""

    category: Any = serializers.SlugRelatedField[EquipmentCategory]("slug", read_only=True, allow_null=True)
    organisation = serializers.CharField(source="organisation.name", read_only=True)
    country = serializers.CharField(source="organisation.country.code", read_only=True)
    left = serializers.IntegerField(read_only=True, help_text="pieces that no match holds")
    url = serializers.HyperlinkedIdentityField("api:need-detail", lookup_field="ref")

    class Meta:
        model = Need
        fields = [
            "ref", "title", "language", "category", "organisation", "country", "state", "purpose", "quantity", "left",
            "people", "women", "accepts_used", "accepts_loan", "public_at", "expires_on", "url",
        ]  # fmt: skip
        read_only_fields = fields


class NeedDetailSerializer(NeedSerializer):
    """Lengths in centimetres, weights in kilograms, money in euros a year.

    `versions` (section -> number that a change of it carries) and `missing` (what stands between a draft and its being
    handed in) are null for who may not write in it.
    """

    requirements = RequirementSerializer(many=True, read_only=True)
    photos = PhotoSerializer(many=True, read_only=True)
    versions = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()

    class Meta(NeedSerializer.Meta):
        fields = [
            *NeedSerializer.Meta.fields, "why", "must_words", "nice_words", "requirements", "voltage", "frequency",
            "plugs", "has_transformer", "power_words", "room_words", "door_width_cm", "door_height_cm", "most_kg",
            "run_by", "maintained_by", "budget_eur", "wants_training", "photos",
            "versions", "missing",
        ]  # fmt: skip
        read_only_fields = fields

    def get_versions(self, need: Need) -> dict[str, int] | None:
        return {step.name: version_of(need, step.name) for step in STEPS} if self._is_writable(need) else None

    def get_missing(self, need: Need) -> list[str] | None:
        return [sentence for _step, sentence in missing(need, STEPS)] if self._is_writable(need) else None

    def _is_writable(self, need: Need) -> bool:
        return need.is_writable and may_write(need, self.context["request"].user)


class WithdrawThingSerializer(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=500, required=False, default="")


class NeedFilter(filters.FilterSet):
    category = filters.CharFilter(method="of_category", label="slug")
    country = filters.CharFilter(method="in_country", max_length=2, label="ISO 3166 code of the laboratory's country")
    purpose = filters.ChoiceFilter(choices=Purpose.choices, method="for_purpose", label="what serves both fits either")
    state = filters.ChoiceFilter(choices=NeedState.choices)
    own = filters.BooleanFilter(method="only_own", label="true: what you or your organisation asked for")
    q = filters.CharFilter(method="matching", max_length=200, label="words, in the language of Accept-Language")

    class Meta:
        model = Need
        fields: list[str] = []

    def of_category(self, rows: Any, name: str, slug: str) -> Any:
        return rows.of_category(slug)

    def in_country(self, rows: Any, name: str, code: str) -> Any:
        return rows.in_country(code.upper())

    def for_purpose(self, rows: Any, name: str, purpose: str) -> Any:
        return rows.for_purpose(purpose)

    def only_own(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.own(self.request.user) if wanted else rows

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text, get_language() or "en")


class NeedViewSet(ConditionalReads, IdempotentPosts, viewsets.ReadOnlyModelViewSet[Need]):
    """Verified needs, and your own in any state. POST begins a draft, PATCH writes a section of one."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    lookup_field = "ref"
    filterset_class = NeedFilter

    def get_queryset(self) -> QuerySet[Need]:
        rows: QuerySet[Need] = Need.objects.visible_to(self.request.user).for_list().order_by("-pk")
        return rows if self.action == "list" else rows.prefetch_related("requirements", "photos")

    def get_serializer_class(self) -> type[NeedSerializer]:
        return NeedSerializer if self.action == "list" else NeedDetailSerializer

    @extend_schema(request=NeedStartSerializer, responses={201: NeedDetailSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        """Begin a draft; what it says is written section by section. An award has one need, which is found again."""
        sent = NeedStartSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        award = sent.award_of(request.user)
        need = actions.start(sent.validated_data["organisation"], by=request.user, award=award)
        self.kwargs["ref"] = need.ref
        return self._shown(201)

    @extend_schema(request=NeedSectionSerializer, responses=NeedDetailSerializer)
    def partial_update(self, request: SignedInApiRequest, ref: str) -> Response:
        """Write a section; 409 where somebody else did since the version that was read."""
        need = self.get_object()
        sent = NeedSectionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        form, step = sent.form_for(need)
        version, done = sent.validated_data["version"], sent.validated_data["done"]
        columns, beside = form.columns(), form.beside()
        save_section(need, step, columns, version=version, by=request.user, done=done, beside=beside)
        return self._shown()

    @extend_schema(request=None, responses=NeedDetailSerializer)
    @action(detail=True, methods=["post"], url_path="hand-in", permission_classes=[IsAuthenticated])
    def hand_in(self, request: SignedInApiRequest, ref: str) -> Response:
        """Give a draft or a returned need to staff; twice is once."""
        actions.hand_in(self.get_object(), by=request.user)
        return self._shown()

    @extend_schema(request=WithdrawThingSerializer, responses=NeedDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def withdraw(self, request: SignedInApiRequest, ref: str) -> Response:
        """Take back what is still wanted."""
        typed = WithdrawThingSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        actions.withdraw(self.get_object(), by=request.user, why=typed.validated_data["why"])
        return self._shown()

    @extend_schema(request=None, responses=NeedDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def renew(self, request: SignedInApiRequest, ref: str) -> Response:
        """Keep an open need open for a year from today."""
        actions.renew(self.get_object(), by=request.user)
        return self._shown()

    def _shown(self, status: int = 200) -> Response:
        return Response(NeedDetailSerializer(self.get_object(), context=self.get_serializer_context()).data, status)
