"""Addresses of a small API that misbehaves on demand, for the tests of portal.api."""

import threading
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.urls import include, path, re_path
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotAuthenticated, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from instruments.models import Technique
from portal.api.conditional import ConditionalReads
from portal.api.idempotency import IdempotentPosts
from portal.api.urls import urlpatterns as api_patterns
from portal.api.views import unknown
from portal.core.errors import Forbidden, Reason, Refused, Taken, WrongState

START = datetime(2027, 3, 22, 9, tzinfo=UTC)
END = datetime(2027, 3, 22, 11, tzinfo=UTC)
RAISED = {
    "refused": Refused(Reason("closed", "The laboratory is closed."), Reason("short", "Too short.")),
    "taken": Taken(Reason("taken", "Somebody was quicker."), [(START, END)]),
    "forbidden": Forbidden(),
    "wrong-state": WrongState("confirm", "cancelled"),
    "denied": PermissionDenied(),
    "anonymous": NotAuthenticated(),
    "throttled": Throttled(wait=30),
    "model": ModelValidationError({"name": ["Too long."]}),
    "fault": ZeroDivisionError("a secret of ours"),
}


class RaisingView(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request, what: str) -> Response:
        raise RAISED[what]


class PeriodSerializer(serializers.Serializer):
    start = serializers.DateTimeField()


class InputSerializer(serializers.Serializer):
    hours = serializers.IntegerField(max_value=8)
    period = PeriodSerializer()
    samples = PeriodSerializer(many=True, required=False)


class InputView(APIView):
    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        InputSerializer(data=request.data).is_valid(raise_exception=True)
        return Response(status=204)


class TechniqueSerializer(serializers.ModelSerializer):
    class Meta:
        model = Technique
        fields = ["slug", "name"]


class Gate:
    """Lets a test hold a request in the middle of its work."""

    def __init__(self) -> None:
        self.entered, self.may_go = threading.Event(), threading.Event()
        self.is_shut = False

    def shut(self) -> None:
        self.__init__()
        self.is_shut = True

    def pass_through(self) -> None:
        if self.is_shut:
            self.entered.set()
            self.may_go.wait(60)


gate = Gate()


class TechniqueViewSet(ConditionalReads, IdempotentPosts, viewsets.ModelViewSet):
    queryset = Technique.objects.all()
    serializer_class = TechniqueSerializer
    lookup_field = "slug"
    permission_classes = [AllowAny]

    def perform_create(self, serializer: TechniqueSerializer) -> None:
        """Write first, then fail as the slug asks: what was written must be gone."""
        slug = serializer.validated_data["slug"]
        serializer.save(path=slug)
        gate.pass_through()
        if slug == "refused":
            raise Refused(Reason("closed", "The laboratory is closed."))
        if slug == "fault":
            raise ZeroDivisionError


class OwnView(IdempotentPosts, APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request: Request) -> Response:
        return Response(status=204)


router = SimpleRouter()
router.register("techniques", TechniqueViewSet, basename="technique")
own = [
    *router.urls,
    path("raising/<slug:what>/", RaisingView.as_view()),
    path("input/", InputView.as_view()),
    path("own/", OwnView.as_view()),
]
urlpatterns = [
    path("api/v1/", include(([*own, *api_patterns], "api"))),
    re_path(r"^api(?:/|$)", unknown),
]

handler404 = "portal.pages.errors.not_found"
handler500 = "portal.pages.errors.fault"
