"""Certificates for programs: the own ones, and the public check by code."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny, IsAuthenticated

from instruments.models import Certificate
from portal.api.conditional import ConditionalReads

STANDINGS = ["valid", "ended", "revoked"]


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """What a third person may know: `valid_until` null is without end; `standing` is as of now."""

    organisation = serializers.CharField(source="organisation.name")
    instrument = serializers.SlugRelatedField[Any]("slug", read_only=True, allow_null=True)
    technique = serializers.SlugRelatedField[Any]("slug", read_only=True, allow_null=True)
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Certificate
        fields = ["code", "name", "organisation", "instrument", "technique", "issued_on", "valid_until", "standing"]

    @extend_schema_field(serializers.ChoiceField(choices=STANDINGS))
    def get_standing(self, row: Certificate) -> str:
        if row.revoked_at is not None:
            return "revoked"
        return "ended" if row.has_ended(timezone.now()) else "valid"


class CertificateViewSet(ConditionalReads, viewsets.ReadOnlyModelViewSet[Certificate]):
    """Your own certificates; one by its code to whoever has the code."""

    serializer_class = CertificateSerializer
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Z]+"

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.action == "retrieve" else [IsAuthenticated()]

    def get_queryset(self) -> QuerySet[Certificate]:
        rows = Certificate.objects.select_related("organisation", "instrument", "technique")
        if self.action == "retrieve":
            return rows
        return rows.filter(person=self.request.user.pk)
