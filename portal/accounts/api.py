"""Organisations for programs: the same rows as on the pages."""

from typing import Any

import django_filters
from django.conf import settings
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework import serializers, viewsets

from portal.accounts.models import Organisation


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    country = serializers.CharField(source="country.code", help_text="ISO 3166-1 alpha-2")
    ror = serializers.SerializerMethodField(help_text="Address of the ROR record, or null")
    url = serializers.SerializerMethodField(help_text="The page in the language of the request")

    class Meta:
        model = Organisation
        fields = ["slug", "name", "kind", "country", "city", "time_zone", "ror", "website", "state", "url"]

    def get_ror(self, organisation: Organisation) -> str | None:
        return f"https://ror.org/{organisation.ror}" if organisation.ror else None

    def get_url(self, organisation: Organisation) -> str:
        return settings.SITE_URL + organisation.get_absolute_url()


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Name, town, country or ROR id")
    country = django_filters.CharFilter(field_name="country", lookup_expr="iexact")

    class Meta:
        model = Organisation
        fields = ["q", "country", "kind"]

    def search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)


@method_decorator(conditional_page, name="dispatch")
class OrganisationViewSet(viewsets.ReadOnlyModelViewSet[Organisation]):
    """Organisations of the network: verified ones, and those a person has asked to be a member of."""

    queryset = Organisation.objects.none()
    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    lookup_field = "slug"

    def get_queryset(self) -> Any:
        return Organisation.objects.visible_to(self.request.user)


routes = [("organisations", OrganisationViewSet, "organisation")]
