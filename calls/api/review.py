"""A reviewer's own reviews for programs: read, keep a draft, hand in, declare a conflict of interest."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from calls.actions.judging import review as actions
from calls.actions.judging.review import Opinion
from calls.models import Review
from calls.scoring import HIGHEST, LOWEST
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts


class ScoreSerializer(serializers.Serializer[Any]):
    criterion = serializers.IntegerField(source="criterion_id")
    points = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)


class OpinionSerializer(serializers.Serializer[Any]):
    """What a reviewer thinks; what a PATCH leaves out stays as it is. `criterion`: an id of the call's criteria."""

    scores = ScoreSerializer(many=True, required=False, max_length=50)  # type: ignore[call-arg]  # the list's
    to_applicant = serializers.CharField(required=False, allow_blank=True, max_length=3000)
    to_panel = serializers.CharField(required=False, allow_blank=True, max_length=3000)

    def opinion(self, kept: Review | None = None) -> Opinion:
        """What was sent; what was not, as `kept` has it."""
        typed = self.validated_data
        points = {score["criterion_id"]: score["points"] for score in typed.get("scores", [])}
        if kept is None:
            return Opinion(points, typed.get("to_applicant", ""), typed.get("to_panel", ""))
        if "scores" not in typed:
            points = {score.criterion_id: score.points for score in kept.scores.all()}
        return Opinion(points, typed.get("to_applicant", kept.to_applicant), typed.get("to_panel", kept.to_panel))


class ConflictSerializer(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=300)


class AboutSerializer(serializers.Serializer[Any]):
    """What a reviewer judges: nothing that names people or places."""

    ref = serializers.CharField()
    call = serializers.CharField(source="call.slug")
    title = serializers.CharField()
    language = serializers.CharField()
    question = serializers.CharField()
    instrument = serializers.SlugField(source="instrument.slug", default=None, allow_null=True)
    why_instrument = serializers.CharField()
    requested_hours = serializers.SerializerMethodField()
    plan = serializers.CharField()
    safety_words = serializers.CharField()

    def get_requested_hours(self, application: Any) -> float:
        return application.minutes_requested / 60


class ReviewSerializer(serializers.ModelSerializer[Review]):
    application = AboutSerializer(read_only=True)
    due_on = serializers.DateField(source="application.call.review_on", read_only=True)
    scores = ScoreSerializer(many=True, read_only=True)

    class Meta:
        model = Review
        fields = ["ref", "application", "state", "due_on", "scores", "to_applicant", "to_panel", "submitted_at"]


class ReviewViewSet(IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Review]):
    """Reviews you were given. PUT and PATCH keep a draft; handing in and declaring a conflict are POSTs below it."""

    serializer_class = ReviewSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "ref"
    filterset_fields = {"state": ["exact"], "application__call__slug": ["exact"]}

    def get_queryset(self) -> QuerySet[Review]:
        own = Review.objects.own(self.request.user).select_related("application__call", "application__instrument")
        return own.prefetch_related("scores").order_by("pk")

    @extend_schema(request=OpinionSerializer, responses=ReviewSerializer)
    def update(self, request: SignedInApiRequest, ref: str) -> Response:
        review = self.get_object()
        return self._shown(actions.save_review(review, _sent(request).opinion(), by=request.user))

    @extend_schema(request=OpinionSerializer, responses=ReviewSerializer)
    def partial_update(self, request: SignedInApiRequest, ref: str) -> Response:
        review = self.get_object()
        return self._shown(actions.save_review(review, _sent(request).opinion(review), by=request.user))

    @extend_schema(request=OpinionSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: SignedInApiRequest, ref: str) -> Response:
        """Hand in what is sent, and of the draft what is not."""
        review = self.get_object()
        return self._shown(actions.submit_review(review, _sent(request).opinion(review), by=request.user))

    @extend_schema(request=ConflictSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def conflict(self, request: SignedInApiRequest, ref: str) -> Response:
        review = self.get_object()
        sent = ConflictSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actions.declare_conflict(review, sent.validated_data["why"], by=request.user)
        return Response(status=204)

    def _shown(self, review: Review) -> Response:
        return Response(ReviewSerializer(self.get_queryset().get(pk=review.pk)).data)


def _sent(request: SignedInApiRequest) -> OpinionSerializer:
    serializer = OpinionSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer
