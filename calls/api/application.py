"""Applications for programs: those that the person may see, written by the same deeds as on the pages."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from calls.actions.application import endorsement, submit
from calls.actions.application.draft import StepConflict, save_step, start
from calls.api.application_part_deeds import PartDeeds
from calls.api.application_parts import (
    AnswerSerializer,
    ApplicationSampleSerializer,
    AttachmentSerializer,
    EndorsementSerializer,
    MemberSerializer,
)
from calls.api.application_steps import StepSerializer, StoredSerializer, as_sent
from calls.api.call import hours_number
from calls.models import Application, Call
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts
from portal.api.problems import MEDIA_TYPE, problem


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """`state` is what its people are told: what is prepared stays unseen until the release."""

    call: Any = serializers.SlugRelatedField("slug", read_only=True)
    state = serializers.SerializerMethodField()
    url = serializers.HyperlinkedIdentityField("api:application-detail", lookup_field="ref")

    class Meta:
        model = Application
        fields: Any = ["ref", "receipt", "call", "title", "state", "submitted_at", "answer_by", "url"]

    def get_state(self, application: Application) -> str:
        return application.public_state.value


class ApplicationDetailSerializer(ApplicationSerializer):
    """All of it. `versions` maps a section to the number that a change of it carries; `done` names finished ones."""

    instrument: Any = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    organisation: Any = serializers.SlugRelatedField("slug", read_only=True)
    applicant = serializers.CharField(source="applicant.name", read_only=True)
    hours_requested = serializers.SerializerMethodField()
    versions = serializers.SerializerMethodField()
    done = serializers.SerializerMethodField()
    samples = ApplicationSampleSerializer(many=True, read_only=True)
    team = MemberSerializer(many=True, read_only=True)
    attachments = AttachmentSerializer(many=True, read_only=True)
    endorsement = serializers.SerializerMethodField()

    class Meta(ApplicationSerializer.Meta):
        fields = [
            *ApplicationSerializer.Meta.fields, "applicant", "organisation", "instrument", "question",
            "why_instrument", "hours_requested", "has_samples", "safety_words", "team_words", "plan", "language",
            "return_note", "versions", "done", "samples", "team", "attachments", "endorsement",
        ]  # fmt: skip

    def get_hours_requested(self, application: Application) -> float:
        return hours_number(application.minutes_requested)

    def get_versions(self, application: Application) -> dict[str, int]:
        return {step: application.version_of(step) for step in application.steps}

    def get_done(self, application: Application) -> list[str]:
        return sorted(step for step in application.steps if application.is_done(step))

    @extend_schema_field(EndorsementSerializer(allow_null=True))
    def get_endorsement(self, application: Application) -> dict[str, Any] | None:
        """Null where nobody has asked for it."""
        asked = getattr(application, "endorsement", None)
        return EndorsementSerializer(asked).data if asked else None


class NewApplicationSerializer(serializers.Serializer[Any]):
    call: Any = serializers.SlugRelatedField("slug", queryset=Call.objects.public())


class WithdrawSerializer(serializers.Serializer[Any]):
    why = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class ApplicationFilterSet(filters.FilterSet):
    call = filters.CharFilter("call__slug", label="slug of the call")

    class Meta:
        model = Application
        fields: list[str] = []


class ApplicationViewSet(
    PartDeeds, IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Application]
):
    """Your applications and those you may see. POST starts one; the deeds are POSTs below it."""

    lookup_field = "ref"
    filterset_class = ApplicationFilterSet
    serializer_class = ApplicationDetailSerializer
    permission_classes = (IsAuthenticated,)

    def get_queryset(self) -> QuerySet[Application]:
        rows = Application.objects.visible_to(self.request.user).for_list()
        return rows if self.action == "list" else _whole(rows)

    def get_serializer_class(self) -> type[ApplicationSerializer]:
        return ApplicationSerializer if self.action == "list" else ApplicationDetailSerializer

    @extend_schema(request=NewApplicationSerializer, responses={201: ApplicationDetailSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        """Start one for a call; where you have one already, it is that."""
        call = _valid(NewApplicationSerializer, request)["call"]
        return self._shown(start(call, by=request.user), 201)

    @extend_schema(
        request=StepSerializer,
        responses={
            200: ApplicationDetailSerializer,
            409: OpenApiResponse(StoredSerializer, "Somebody else saved this section meanwhile"),
        },
    )
    def partial_update(self, request: SignedInApiRequest, ref: str) -> Response:
        """Change one section."""
        application = self.get_object()
        serializer = StepSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        sent = serializer.validated_data
        columns = serializer.columns_for(application)
        try:
            row = save_step(
                application, sent["step"], columns, version=sent["version"], by=request.user, done=sent["done"]
            )
        except StepConflict as conflict:
            members = {"version": conflict.version, "stored": as_sent(conflict.stored)}
            errors = [{"code": why.code, "message": why.message, "field": None} for why in conflict.reasons]
            told = problem(conflict.status, str(conflict), errors, **members)
            return Response(told, status=conflict.status, content_type=MEDIA_TYPE)
        return self._shown(row)

    @extend_schema(request=None, responses=ApplicationDetailSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: SignedInApiRequest, ref: str) -> Response:
        """Hand it in; a second time finds what the first did."""
        return self._shown(submit.submit(self.get_object(), by=request.user))

    @extend_schema(request=None, responses=ApplicationDetailSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: SignedInApiRequest, ref: str) -> Response:
        """Hand in again what was returned for changes."""
        return self._shown(submit.answer(self.get_object(), by=request.user))

    @extend_schema(request=WithdrawSerializer, responses=ApplicationDetailSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: SignedInApiRequest, ref: str) -> Response:
        why = _valid(WithdrawSerializer, request)["why"]
        return self._shown(submit.withdraw(self.get_object(), by=request.user, why=why))

    @extend_schema(request=None, responses=ApplicationDetailSerializer)
    @action(detail=True, methods=["post"], url_path="ask-endorsement")
    def ask_endorsement(self, request: SignedInApiRequest, ref: str) -> Response:
        application = self.get_object()
        endorsement.ask(application, by=request.user)
        return self._shown(application)

    @extend_schema(request=AnswerSerializer, responses=ApplicationDetailSerializer)
    @action(detail=True, methods=["post"])
    def endorse(self, request: SignedInApiRequest, ref: str) -> Response:
        """The focal point's answer."""
        application = self.get_object()
        sent = _valid(AnswerSerializer, request)
        endorsement.answer(application, is_given=sent["is_given"], note=sent["note"], by=request.user)
        return self._shown(application)

    def _shown(self, application: Application, status: int = 200) -> Response:
        """As it is now, to whoever did the deed."""
        row = _whole(Application.objects.for_list()).get(pk=application.pk)
        data = ApplicationDetailSerializer(row, context=self.get_serializer_context()).data
        return Response(data, status=status)


def _whole(rows: QuerySet[Application]) -> QuerySet[Application]:
    """With all that the detail prints; `rows` come with what a list prints."""
    related = ("call", "applicant", "organisation", "instrument", "endorsement")
    return rows.select_related(*related).prefetch_related("samples", "team__user", "attachments__application")


def _valid(serializer_class: type[serializers.Serializer[Any]], request: SignedInApiRequest) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
