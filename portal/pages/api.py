"""The figures of impact for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.conditional import ConditionalReads
from portal.pages.impact.asking import Asked, asked
from portal.pages.impact.hiding import FEW, HIDDEN
from portal.pages.impact.tables import Table

COUNT = f"A number; `{FEW}` for 1 to 4 people, `{HIDDEN}` where others would tell those."


class LineSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="The year, M49 code, ISO 3166 code, slug or name of the figure")
    name = serializers.CharField(help_text="In the language that Accept-Language asks for")
    figures = serializers.DictField(help_text=COUNT)


@extend_schema_serializer(many=False)  # one answer, though its address is that of a list
class ImpactSerializer(serializers.Serializer[Any]):
    """Up to `counted_at` on the day `until` (UTC), under the filters. `kept` are the days that can be asked for."""

    until = serializers.DateField()
    counted_at = serializers.DateTimeField()
    kept = serializers.ListField(child=serializers.DateField())
    totals = serializers.DictField(help_text=COUNT)
    years = LineSerializer(many=True)
    regions = LineSerializer(many=True)
    countries = LineSerializer(many=True)
    techniques = LineSerializer(many=True)
    people = LineSerializer(many=True)


FILTERS = [
    OpenApiParameter("year", int),
    OpenApiParameter("region", str, description="code of a subregion in the United Nations' standard M49, such as 014"),
    OpenApiParameter("technique", str, description="slug of a technique"),
    OpenApiParameter("until", str, description="one of `kept`"),
]


class ImpactViewSet(ConditionalReads, viewsets.ViewSet):
    """The figures of the page of impact. People are counted by one filter at a time."""

    @extend_schema(parameters=FILTERS, responses=ImpactSerializer)
    def list(self, request: Request) -> Response:
        found = asked(request.query_params)
        if found is None:
            raise NotFound
        if not found.is_valid:
            raise serializers.ValidationError(
                {name: [str(why) for why in told] for name, told in found.form.errors.items()}
            )
        return Response(ImpactSerializer(_told(found)).data)


def _told(found: Asked) -> dict[str, Any]:
    tables = found.figures.tables()
    totals = tables.pop("totals")
    return {
        "until": found.row.until,
        "counted_at": found.counted_at,
        "kept": found.days,
        "totals": {line.code: line.cells[0] for line in totals.lines},
        **{name: _lines(table) for name, table in tables.items()},
    }


def _lines(table: Table) -> list[dict[str, Any]]:
    names = [measure.code for measure in table.measures]
    return [
        {"code": line.code, "name": str(line.label), "figures": dict(zip(names, line.cells, strict=True))}
        for line in table.lines
    ]


routes: list[tuple[str, Any, str]] = [("impact", ImpactViewSet, "impact")]
