"""Trainings and wishes to be trained for programs: what the pages show, asked and taken back by the same deeds."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from instruments.actions import training as actions
from instruments.enums import PlaceState
from instruments.models import Instrument, Training, TrainingPlace, TrainingWish
from portal.accounts.requests import SignedInApiRequest
from portal.api.conditional import ConditionalReads
from portal.api.idempotency import IdempotentPosts


class TrainingSerializer(serializers.ModelSerializer[Training]):
    """A training in an `instrument` or a `technique` (slugs); `free` places of `places`.

    `own_place` is how your request stands, null without one; `link` is shown to those with a place alone.
    """

    organisation = serializers.CharField(source="organisation.name")
    instrument = serializers.SlugRelatedField[Any]("slug", read_only=True, allow_null=True)
    technique = serializers.SlugRelatedField[Any]("slug", read_only=True, allow_null=True)
    start = serializers.DateTimeField(source="starts_at")
    end = serializers.DateTimeField(source="ends_at")
    places = serializers.IntegerField(source="capacity")
    free = serializers.SerializerMethodField()
    own_place = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()

    class Meta:
        model = Training
        fields = [
            "ref", "title", "summary", "organisation", "instrument", "technique", "start", "end", "time_zone", "place",
            "link", "places", "free", "certificate_months", "state", "own_place",
        ]  # fmt: skip

    def get_free(self, row: Training) -> int:
        given: int = row.given  # type: ignore[attr-defined]  # annotated by for_lists
        return max(row.capacity - given, 0)

    @extend_schema_field(serializers.ChoiceField(choices=PlaceState.choices, allow_null=True))
    def get_own_place(self, row: Training) -> str | None:
        places: list[TrainingPlace] = getattr(row, "own_places", [])
        return places[0].state if places else None

    def get_link(self, row: Training) -> str:
        return row.link if self.get_own_place(row) == PlaceState.GIVEN else ""


class TrainingViewSet(ConditionalReads, IdempotentPosts, viewsets.ReadOnlyModelViewSet[Training]):
    """Trainings that are or were open to all; those of your own laboratory as drafts, too."""

    serializer_class = TrainingSerializer
    lookup_field = "ref"
    filterset_fields = {"state": ["exact"], "instrument__slug": ["exact"], "technique__slug": ["exact"]}

    def get_queryset(self) -> QuerySet[Training]:
        rows = Training.objects.visible_to(self.request.user).for_lists()
        if not self.request.user.is_authenticated:
            return rows
        own = TrainingPlace.objects.filter(user=self.request.user)
        return rows.prefetch_related(Prefetch("places", own, "own_places"))

    @extend_schema(request=None, responses=TrainingSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def ask(self, request: SignedInApiRequest, ref: str) -> Response:
        """Ask for a place."""
        actions.ask_for_place(self.get_object(), by=request.user)
        return self._shown()

    @extend_schema(request=None, responses=TrainingSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def withdraw(self, request: SignedInApiRequest, ref: str) -> Response:
        """Give the own place, or the request for one, back."""
        actions.withdraw_place(self.get_object(), by=request.user)
        return self._shown()

    def _shown(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


class TrainingWishSerializer(serializers.ModelSerializer[TrainingWish]):
    """`instrument` is a slug; `note` says what for."""

    instrument = serializers.SlugRelatedField[Any]("slug", queryset=Instrument.objects.none())

    class Meta:
        model = TrainingWish
        fields = ["id", "instrument", "note", "created_at"]
        read_only_fields = ["created_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "request" in self.context:
            field: Any = self.fields["instrument"]
            field.queryset = Instrument.objects.visible_to(self.context["request"].user)


class TrainingWishViewSet(
    IdempotentPosts,
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[TrainingWish],
):
    """Your own wishes to be trained that wait. POST adds one or changes its note, DELETE takes it back."""

    serializer_class = TrainingWishSerializer
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> QuerySet[TrainingWish]:
        if not self.request.user.is_authenticated:
            return TrainingWish.objects.none()
        return TrainingWish.objects.waiting().filter(user=self.request.user).select_related("instrument")

    def perform_create(self, serializer: Any) -> None:
        typed = serializer.validated_data
        note = typed.get("note", "")
        serializer.instance = actions.wish_for_training(
            typed["instrument"], by=serializer.context["request"].user, note=note
        )

    def perform_destroy(self, instance: TrainingWish) -> None:
        actions.leave_wish(instance, by=instance.user)
