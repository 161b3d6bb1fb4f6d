"""Instruments for programs: the public ones, read only, with the filters of the page."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from instruments.models import Closure, Instrument, OpeningHours, Policy, Technique
from instruments.words import clock
from portal.api.conditional import ConditionalReads


class OpeningHoursSerializer(serializers.ModelSerializer):
    """One stretch in the laboratory's wall time; `weekday` counts from Monday, 0; 24:00 ends the day."""

    opens = serializers.SerializerMethodField()
    closes = serializers.SerializerMethodField()

    class Meta:
        model = OpeningHours
        fields = ["weekday", "opens", "closes"]

    def get_opens(self, row: OpeningHours) -> str:
        return clock(row.opens)

    def get_closes(self, row: OpeningHours) -> str:
        return clock(row.closes)


class ClosureSerializer(serializers.ModelSerializer):
    """`unit` null: the whole instrument."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    unit = serializers.CharField(source="unit.name", default=None, allow_null=True)

    class Meta:
        model = Closure
        fields = ["start", "end", "reason", "unit"]


class PolicySerializer(serializers.ModelSerializer):
    """Lengths in minutes; null: no limit."""

    class Meta:
        model = Policy
        exclude = ["id", "instrument"]


class InstrumentSerializer(serializers.ModelSerializer):
    """Texts in the language that Accept-Language asks for, else in English."""

    organisation = serializers.CharField(source="organisation.name")
    country = serializers.CharField(source="organisation.country.code")
    techniques = serializers.SlugRelatedField[Technique]("slug", many=True, read_only=True)
    url = serializers.HyperlinkedIdentityField("api:instrument-detail", lookup_field="slug")

    class Meta:
        model = Instrument
        fields = [
            "slug", "name", "summary", "organisation", "country", "place", "time_zone", "access_mode", "techniques",
            "state", "url",
        ]  # fmt: skip


class InstrumentDetailSerializer(InstrumentSerializer):
    opening_hours = OpeningHoursSerializer(many=True)
    closures = serializers.SerializerMethodField()
    policy = PolicySerializer()
    units = serializers.SerializerMethodField()

    class Meta(InstrumentSerializer.Meta):
        fields = [
            *InstrumentSerializer.Meta.fields, "description", "sample_requirements", "specifications", "maker",
            "model", "pidinst", "units", "opening_hours", "closures", "policy",
        ]  # fmt: skip

    @extend_schema_field(ClosureSerializer(many=True))
    def get_closures(self, row: Instrument) -> Any:
        coming = row.closures.ending_after(timezone.now()).select_related("unit")
        return ClosureSerializer(coming, many=True).data

    def get_units(self, row: Instrument) -> list[str]:
        return [unit.name for unit in row.units.all() if unit.is_active]


class InstrumentFilter(filters.FilterSet):
    technique = filters.CharFilter(method="of_technique", label="slug; what is below it in the tree counts")
    country = filters.CharFilter(method="in_country", label="ISO 3166 code of the host laboratory's country")
    q = filters.CharFilter(method="matching", max_length=200, label="words, in the language of Accept-Language")

    class Meta:
        model = Instrument
        fields: list[str] = []

    def of_technique(self, rows: Any, name: str, slug: str) -> Any:
        return rows.of_technique(slug)

    def in_country(self, rows: Any, name: str, code: str) -> Any:
        return rows.in_country(code.upper())

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text, get_language() or "en")


class InstrumentViewSet(ConditionalReads, viewsets.ReadOnlyModelViewSet):
    """Listed instruments, and suspended ones, which say so in `state`."""

    lookup_field = "slug"
    filterset_class = InstrumentFilter

    def get_queryset(self) -> QuerySet[Instrument]:
        rows = Instrument.objects.public().for_cards()
        if self.action == "retrieve":
            return rows.select_related("policy").prefetch_related("units", "opening_hours")
        return rows

    def get_serializer_class(self) -> type[InstrumentSerializer]:
        return InstrumentDetailSerializer if self.action == "retrieve" else InstrumentSerializer
