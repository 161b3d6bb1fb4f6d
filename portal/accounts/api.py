"""Organisations for programs: the same rows as on the pages."""

from typing import Any

import django_filters
from django.conf import settings
from django.http import HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from rest_framework import serializers, viewsets

from portal.accounts.models import Organisation
from portal.core.translated import text_and_language


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    country = serializers.CharField(source="country.code", help_text="ISO 3166-1 alpha-2")
    ror = serializers.SerializerMethodField(help_text="Address of the ROR record, or null")
    former_names = serializers.ListField(source="former", child=serializers.CharField(), help_text="What it was called")
    other_names = serializers.ListField(
        source="others", child=serializers.CharField(), help_text="What else it is called, acronyms among them"
    )
    summary = serializers.SerializerMethodField(help_text="About it, in the language of the request where there is one")
    url = serializers.SerializerMethodField(help_text="The page in the language of the request")

    class Meta:
        model = Organisation
        fields = [
            "slug", "name", "former_names", "other_names", "kind", "country", "city", "time_zone", "ror", "website",
            "summary", "state", "url",
        ]  # fmt: skip

    def get_ror(self, organisation: Organisation) -> str | None:
        return f"https://ror.org/{organisation.ror}" if organisation.ror else None

    def get_summary(self, organisation: Organisation) -> str:
        return text_and_language(organisation, "summary")[0]

    def get_url(self, organisation: Organisation) -> str:
        return settings.SITE_URL + organisation.get_absolute_url()


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="A name, town, country, ROR id or a word about it")
    country = django_filters.CharFilter(field_name="country", lookup_expr="iexact")
    hosts = django_filters.BooleanFilter(method="hosting", label="true: those with an instrument that all may see")

    class Meta:
        model = Organisation
        fields = ["q", "country", "kind", "hosts"]

    def hosting(self, rows: Any, name: str, wanted: bool) -> Any:
        if not wanted:
            return rows
        instruments: Any = Organisation._meta.get_field("instruments").related_model
        return rows.filter(pk__in=instruments.objects.public().order_by().values("organisation"))

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.matching(value, get_language() or "en")


@method_decorator([cache_control(no_cache=True), conditional_page], name="dispatch")
class OrganisationViewSet(viewsets.ReadOnlyModelViewSet[Organisation]):
    """Organisations of the network: verified ones, and those a person has asked to be a member of."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"  # anything else has no page here

    def get_queryset(self) -> Any:
        return Organisation.objects.visible_to(self.request.user)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What was merged into another leads there; looked at once the answer would be that there is none."""
        answer = super().dispatch(request, *args, **kwargs)
        if answer.status_code == 404 and "slug" in kwargs and request.method in ("GET", "HEAD"):
            kept = self.get_queryset().of_former(kwargs["slug"]).first()
            if kept is not None:
                return HttpResponsePermanentRedirect(reverse("api:organisation-detail", args=[kept.slug]))
        return answer


routes = [("organisations", OrganisationViewSet, "organisation")]
