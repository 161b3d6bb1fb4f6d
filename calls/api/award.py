"""Awards for programs: those that the person may see on the pages, read only."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import permissions, serializers, viewsets

from calls.api.call import hours_number
from calls.enums import AwardState
from calls.models import Award


class AwardSerializer(serializers.ModelSerializer):
    """Days are those of the instrument's clock, both included."""

    instrument: Any = serializers.SlugRelatedField("slug", read_only=True)
    organisation: Any = serializers.SlugRelatedField("slug", read_only=True)
    granted_hours = serializers.SerializerMethodField()
    balance_hours = serializers.SerializerMethodField()

    class Meta:
        model = Award
        fields = [
            "ref", "title", "instrument", "organisation", "granted_hours", "balance_hours", "valid_from",
            "valid_until", "state",
        ]  # fmt: skip

    def get_granted_hours(self, award: Award) -> float:
        return hours_number(award.granted_minutes)

    def get_balance_hours(self, award: Award) -> float:
        return hours_number(award.balance_minutes)


class AwardFilterSet(filters.FilterSet):
    state = filters.ChoiceFilter(choices=AwardState.choices)

    class Meta:
        model = Award
        fields: list[str] = []


class AwardViewSet(viewsets.ReadOnlyModelViewSet):
    lookup_field = "ref"
    filterset_class = AwardFilterSet
    serializer_class = AwardSerializer
    permission_classes = (permissions.IsAuthenticated,)

    def get_queryset(self) -> QuerySet[Award]:
        return Award.objects.visible_to(self.request.user).for_list()
