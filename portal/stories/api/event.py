"""Events for programs: what the public list and page show, read only, with the same filters."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from portal.api.conditional import ConditionalReads
from portal.stories.enums import EventKind, EventState
from portal.stories.event_figures import public_figures
from portal.stories.models import Event


class ProgrammeEventSerializer(serializers.ModelSerializer[Event]):
    """Texts in the language that Accept-Language asks for, else in English.

    `start` to `end` as moments and `first_day` to `last_day` as days where it is; `has_hours` is false for whole days.
    """

    start = serializers.DateTimeField(source="starts_at")
    end = serializers.DateTimeField(source="ends_at")
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    country = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = [
            "slug", "kind", "state", "title", "summary", "start", "end", "has_hours", "first_day", "last_day",
            "time_zone", "place", "country", "url",
        ]  # fmt: skip

    def get_country(self, event: Event) -> str:
        """ISO 3166 code; empty for events that are in none, such as online ones."""
        country: Any = event.country
        return str(country.code) if country else ""

    @extend_schema_field(serializers.URLField())
    def get_url(self, event: Event) -> str:
        return settings.SITE_URL + event.get_absolute_url()


class EventCountrySerializer(serializers.Serializer):
    country = serializers.CharField(help_text="ISO 3166 code")
    people = serializers.IntegerField(allow_null=True)


class EventFiguresSerializer(serializers.Serializer):
    """Who came; null where nobody knows, or where people could be recognised."""

    people = serializers.IntegerField(allow_null=True)
    women = serializers.IntegerField(allow_null=True)
    countries = EventCountrySerializer(many=True)
    unnamed_countries = serializers.IntegerField(help_text="From which too few came to be named")
    source: Any = serializers.CharField()


class ProgrammeEventDetailSerializer(ProgrammeEventSerializer):
    techniques: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)
    organisations: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)
    partners = serializers.ListField(child=serializers.CharField(), source="partner_names")
    call = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    cancelled_because = serializers.CharField(source="state_note")

    class Meta(ProgrammeEventSerializer.Meta):
        fields = [
            *ProgrammeEventSerializer.Meta.fields, "body", "link", "call", "techniques", "organisations", "partners",
            "cancelled_because", "figures",
        ]  # fmt: skip

    def get_call(self, event: Event) -> str | None:
        """The slug of the call for its places; null without one that is out."""
        return event.call.slug if event.call and event.call.published_at else None

    @extend_schema_field(EventFiguresSerializer(allow_null=True))
    def get_figures(self, event: Event) -> dict[str, Any] | None:
        if event.state != EventState.CLOSED:
            return None
        figures = public_figures(event)
        rows = [{"country": country.code, "people": people} for country, people in figures.countries]
        told = {"people": figures.people, "women": figures.women, "countries": rows}
        return told | {"unnamed_countries": figures.unnamed, "source": event.source}


class EventFilterSet(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=EventKind.choices)
    country = filters.CharFilter(method="in_country", max_length=2, label="ISO 3166 code of where it is")
    year = filters.NumberFilter(method="in_year", min_value=1900, max_value=2999, label="in which it began")
    q = filters.CharFilter(method="matching", max_length=200, label="words, in the language of Accept-Language")

    class Meta:
        model = Event
        fields: list[str] = []

    def in_country(self, rows: Any, name: str, code: str) -> Any:
        return rows.filter(country=code.upper())

    def in_year(self, rows: Any, name: str, year: Any) -> Any:
        return rows.in_year(int(year))

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text, get_language() or "en")


class EventViewSet(ConditionalReads, viewsets.ReadOnlyModelViewSet[Event]):
    """The events of the public list; a cancelled one keeps its address."""

    lookup_field = "slug"
    filterset_class = EventFilterSet

    def get_queryset(self) -> QuerySet[Event]:
        if self.action == "retrieve":
            related = ("techniques", "organisations", "countries")
            return Event.objects.public().select_related("call").prefetch_related(*related)
        return Event.objects.listed()

    def get_serializer_class(self) -> type[ProgrammeEventSerializer]:
        return ProgrammeEventDetailSerializer if self.action == "retrieve" else ProgrammeEventSerializer
