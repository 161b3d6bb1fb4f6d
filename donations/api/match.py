"""Matches in the API: the same querysets, rules and actions as the pages."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from donations.actions import match as actions
from donations.actions.match.answer import may_answer
from donations.enums import Side
from donations.matching import in_words
from donations.models import Match
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts
from portal.core.errors import Forbidden, Reason, Refused


class MatchSerializer(serializers.ModelSerializer[Match]):
    """So many pieces of an offer for a need, and what each side has said. Its `score` is told to staff alone."""

    need = serializers.CharField(source="need.ref", read_only=True)
    offer = serializers.CharField(source="offer.ref", read_only=True)
    score = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = Match
        fields = [
            "ref", "need", "offer", "quantity", "state", "score", "reasons", "answer_by", "need_accepted_at",
            "offer_accepted_at", "refused_side", "why", "completed_at", "back_on",
        ]  # fmt: skip
        read_only_fields = fields

    def get_score(self, match: Match) -> int | None:
        return match.score if self.context["request"].user.is_staff else None

    def get_reasons(self, match: Match) -> list[str]:
        return in_words(match.reasons)


class SideSerializer(serializers.Serializer[Any]):
    """For which side you answer; not needed by who speaks for one alone."""

    side = serializers.ChoiceField(choices=Side.choices, required=False)


class RefuseSerializer(SideSerializer):
    why = serializers.CharField(max_length=500)


class MatchViewSet(IdempotentPosts, viewsets.ReadOnlyModelViewSet[Match]):
    """Matches of your needs and offers; accept and refuse are POSTs below one."""

    serializer_class = MatchSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "ref"
    filterset_fields = {"state": ["exact"], "need__ref": ["exact"], "offer__ref": ["exact"]}

    def get_queryset(self) -> Any:
        return Match.objects.visible_to(self.request.user).for_list().order_by("-pk")

    @extend_schema(request=SideSerializer, responses=MatchSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: SignedInApiRequest, ref: str) -> Response:
        data = _typed(SideSerializer, request)
        match = self.get_object()
        return self._shown(actions.accept_match(match, side=_side(match, data, request), by=request.user))

    @extend_schema(request=RefuseSerializer, responses=MatchSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: SignedInApiRequest, ref: str) -> Response:
        data = _typed(RefuseSerializer, request)
        match = self.get_object()
        side = _side(match, data, request)
        return self._shown(actions.refuse_match(match, side=side, by=request.user, why=data["why"]))

    def _shown(self, match: Match) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=match.pk)).data)


def _typed(kind: type[serializers.Serializer[Any]], request: SignedInApiRequest) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _side(match: Match, data: dict[str, Any], request: SignedInApiRequest) -> Side:
    """The side that is named, or the one that this person alone speaks for."""
    if "side" in data:
        return Side(data["side"])
    own = [side for side in Side if may_answer(request.user, match, side)]
    if not own:
        raise Forbidden
    if len(own) > 1:
        raise Refused(Reason("which_side", _("You speak for both sides: say for which one you answer.")))
    return own[0]
