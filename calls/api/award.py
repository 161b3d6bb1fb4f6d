"""Awards for programs: those that the person may see on the pages, read only."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import permissions, serializers, viewsets

from calls.api.call import hours_number
from calls.enums import AwardKind, AwardState
from calls.models import Award


class AwardSerializer(serializers.ModelSerializer):
    """Days are those of the instrument's clock, both included. Awards of places and needs have no instrument."""

    instrument: Any = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    organisation: Any = serializers.SlugRelatedField("slug", read_only=True)
    application: Any = serializers.SlugRelatedField("ref", read_only=True, allow_null=True)
    granted_hours = serializers.SerializerMethodField()
    balance_hours = serializers.SerializerMethodField()

    class Meta:
        model = Award
        fields = [
            "ref", "kind", "title", "instrument", "organisation", "application", "granted_hours", "balance_hours",
            "valid_from", "valid_until", "state", "report_due_on",
        ]  # fmt: skip

    def get_granted_hours(self, award: Award) -> float:
        return hours_number(award.granted_minutes)

    def get_balance_hours(self, award: Award) -> float:
        return hours_number(award.balance_minutes)


class AwardFilterSet(filters.FilterSet):
    state = filters.ChoiceFilter(choices=AwardState.choices)
    kind = filters.ChoiceFilter(choices=AwardKind.choices)

    class Meta:
        model = Award
        fields: list[str] = []


class AwardViewSet(viewsets.ReadOnlyModelViewSet):
    lookup_field = "ref"
    filterset_class = AwardFilterSet
    serializer_class = AwardSerializer
    permission_classes = (permissions.IsAuthenticated,)

    def get_queryset(self) -> QuerySet[Award]:
        return (
            Award.objects.visible_to(self.request.user)
            .for_list()
            .select_related("instrument", "organisation", "application")
        )
