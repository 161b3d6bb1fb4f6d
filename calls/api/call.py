"""Calls for programs: what the public list and page show, read only, with the same filters."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from calls.eligibility import codes
from calls.enums import CallKind, CallPhase
from calls.forms.call import PHASES
from calls.models import Call, CallDocument, Criterion
from instruments.models import Technique
from portal.api.conditional import ConditionalReads


class CallSerializer(serializers.ModelSerializer):
    """Texts in the language that Accept-Language asks for, else in English; `status` as the clock has it now."""

    status = serializers.SerializerMethodField()
    techniques: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)
    countries = serializers.SerializerMethodField()
    hours_offered = serializers.SerializerMethodField()
    url = serializers.HyperlinkedIdentityField("api:call-detail", lookup_field="slug")

    class Meta:
        model = Call
        fields = [
            "slug", "kind", "status", "title", "summary", "techniques", "countries", "hours_offered", "time_zone",
            "opens_at", "closes_at", "decision_on", "url",
        ]  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=CallPhase.choices))
    def get_status(self, call: Call) -> str:
        return call.phase.value

    def get_countries(self, call: Call) -> list[str]:
        """ISO 3166 codes of the countries of work; empty means any."""
        return codes(call.countries)

    def get_hours_offered(self, call: Call) -> float:
        return hours_number(call.minutes_offered)


class CriterionSerializer(serializers.ModelSerializer):
    """What reviewers give points for; a review names it by its `id`."""

    class Meta:
        model = Criterion
        fields = ["id", "name", "hint", "weight"]


class DocumentSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="Where to fetch it")

    class Meta:
        model = CallDocument
        fields = ["title", "name", "content_type", "size", "sha256", "url"]

    def get_url(self, document: CallDocument) -> str:
        return settings.SITE_URL + reverse("calls:document", args=[document.call.slug, document.pk])


class PrioritySerializer(serializers.Serializer):
    """Who takes priority: by country of work or by career stage, one is enough."""

    countries = serializers.SerializerMethodField()
    career_stages = serializers.ListField(child=serializers.CharField(), source="priority_stages")
    reason = serializers.CharField(source="priority_why")

    def get_countries(self, call: Call) -> list[str]:
        return codes(call.priority_countries)


class EligibilitySerializer(serializers.Serializer):
    """Who may apply; an empty list or null asks for nothing."""

    countries = serializers.SerializerMethodField()
    career_stages = serializers.ListField(child=serializers.CharField())
    years_since_phd = serializers.IntegerField(
        allow_null=True, help_text="at most, counted to the year of closing; no doctorate passes"
    )
    is_for_women = serializers.BooleanField()
    women_share = serializers.IntegerField(help_text="per cent kept for women")
    needs_endorsement = serializers.BooleanField(help_text="by a focal point of the applicant's organisation")
    priority = PrioritySerializer(source="*")

    def get_countries(self, call: Call) -> list[str]:
        return codes(call.countries)


class GivesSerializer(serializers.Serializer):
    hours = serializers.SerializerMethodField()
    most_hours = serializers.SerializerMethodField(help_text="that one application may ask for; null: all")
    places = serializers.IntegerField(source="places_offered", help_text="or verified needs, of an equipment call")

    def get_hours(self, call: Call) -> float:
        return hours_number(call.minutes_offered)

    def get_most_hours(self, call: Call) -> float | None:
        return None if call.most_minutes is None else hours_number(call.most_minutes)


class CallDetailSerializer(CallSerializer):
    instruments: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)
    gives = GivesSerializer(source="*", read_only=True)
    eligibility = EligibilitySerializer(source="*", read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)
    documents = DocumentSerializer(many=True, read_only=True)

    class Meta(CallSerializer.Meta):
        fields = [
            *CallSerializer.Meta.fields, "description", "covers", "instruments", "contact", "gives", "eligibility",
            "criteria", "documents", "review_on", "use_from", "use_until",
        ]  # fmt: skip


class CallFilterSet(filters.FilterSet):
    status = filters.ChoiceFilter(choices=PHASES, method="in_phase", label="as the clock has it now")
    kind = filters.ChoiceFilter(choices=CallKind.choices)
    technique = filters.CharFilter(method="of_technique", label="slug; what is below it in the tree counts")
    country = filters.CharFilter(
        method="for_people_in", max_length=2, label="ISO 3166 code of the country of work; calls for all match too"
    )
    q = filters.CharFilter(method="matching", max_length=200, label="words, in the language of Accept-Language")

    class Meta:
        model = Call
        fields: list[str] = []

    def in_phase(self, rows: Any, name: str, phase: str) -> Any:
        return rows.in_phase(phase, timezone.now())

    def of_technique(self, rows: Any, name: str, slug: str) -> Any:
        return rows.of_techniques(Technique.objects.under(slug).values_list("pk", flat=True))

    def for_people_in(self, rows: Any, name: str, code: str) -> Any:
        return rows.for_people_in(code.upper())

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text, get_language() or "en")


class CallViewSet(ConditionalReads, viewsets.ReadOnlyModelViewSet):
    """The calls of the public list; archived and withdrawn ones keep their own address."""

    lookup_field = "slug"
    filterset_class = CallFilterSet

    def get_queryset(self) -> QuerySet[Call]:
        if self.action == "retrieve":
            related = ("techniques", "instruments", "criteria", "documents")
            return Call.objects.visible_to(self.request.user).prefetch_related(*related)
        return Call.objects.listed().prefetch_related("techniques")

    def get_serializer_class(self) -> type[CallSerializer]:
        return CallDetailSerializer if self.action == "retrieve" else CallSerializer


def hours_number(minutes: int) -> float:
    """Minutes as hours for programs, to the fourth decimal: below a second."""
    return round(minutes / 60, 4)
