"""Datasets in the API. Files are sent by tus 1.0.0 to `/uploads/`, with a token or a session."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.actions import dataset as actions
from bookings.api.fields import one_of, valid
from bookings.models import Booking, Dataset, DatasetFile
from bookings.views.dataset import handed_out
from portal.accounts.requests import SignedInApiRequest
from portal.api.idempotency import IdempotentPosts
from portal.notifications.links import absolute


class DatasetFileSerializer(serializers.ModelSerializer[DatasetFile]):
    """`url` takes a range of bytes; `sha256` is of the whole file, in hexadecimal."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = DatasetFile
        fields: Any = ["id", "name", "size", "sha256", "url"]
        read_only_fields = fields

    def get_url(self, file: DatasetFile) -> str:
        return absolute(reverse("api:dataset-file", args=[file.dataset.ref, file.pk]))


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    booking = serializers.SlugRelatedField[Booking](slug_field="ref", read_only=True)
    instrument = serializers.CharField(source="booking.instrument.slug", read_only=True)
    file_count = serializers.IntegerField(read_only=True)
    total_size = serializers.IntegerField(read_only=True)

    class Meta:
        model = Dataset
        fields: Any = [
            "ref", "booking", "instrument", "title", "note", "kept_until", "forgotten_at", "file_count", "total_size",
        ]  # fmt: skip
        read_only_fields = fields


class DatasetDetailSerializer(DatasetSerializer):
    files = DatasetFileSerializer(many=True, read_only=True)

    class Meta(DatasetSerializer.Meta):
        fields = [*DatasetSerializer.Meta.fields, "files"]
        read_only_fields = fields


class NewDatasetSerializer(serializers.ModelSerializer[Dataset]):
    booking = serializers.CharField(max_length=12)

    class Meta:
        model = Dataset
        fields = ["booking", *actions.COLUMNS]


class DatasetViewSet(
    IdempotentPosts, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Dataset]
):
    """Data that you may fetch. POST makes an empty dataset of a booking, for its laboratory.

    Its files are sent by tus 1.0.0 to `/uploads/`, with a token and in pieces of at most 20 MB.
    """

    serializer_class = DatasetSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "ref"
    filterset_fields = {"booking__ref": ["exact"], "booking__instrument__slug": ["exact"]}

    def get_queryset(self) -> Any:
        rows = Dataset.objects.visible_to(self.request.user).for_page().order_by("-pk")
        return rows.prefetch_related("files__dataset") if self.action == "retrieve" else rows

    @extend_schema(responses=DatasetDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(DatasetDetailSerializer(self.get_object()).data)

    @extend_schema(request=NewDatasetSerializer, responses={201: DatasetSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        data = valid(NewDatasetSerializer, request)
        booking = one_of(Booking.objects.visible_to(request.user), "booking", ref=data.pop("booking"))
        made = actions.make_dataset(booking, data, by=request.user)
        return Response(DatasetSerializer(self.get_queryset().get(pk=made.pk)).data, status=201)

    @extend_schema(
        operation_id="datasets_file",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=r"files/(?P<pk>\d{1,18})")
    def file(self, request: SignedInApiRequest, ref: str, pk: str) -> HttpResponseBase:
        """The bytes, whole or a range of them."""
        return handed_out(request._request, self.get_object(), int(pk))
