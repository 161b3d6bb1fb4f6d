"""What the generated OpenAPI schema cannot know by itself."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from portal.api.problems import MEDIA_TYPE

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `errors` says with codes what is wrong; `alternatives` stands beside 409 for taken time.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message", "field"],
                "properties": {"code": TEXT, "message": TEXT, "field": {**TEXT, "nullable": True}},
            },
        },
        "alternatives": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["start", "end"],
                "properties": {"start": MOMENT, "end": MOMENT},
            },
        },
    },
}
ANSWER = {
    "description": "What went wrong",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "1 to 255 printable ASCII characters: the same request under it is done once within 48 hours.",
    "schema": {"type": "string", "maxLength": 255},
}


class Schema(AutoSchema):
    """A choice may be left open where its column may: the framework forgets that of fields that are only read."""

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        if isinstance(field, serializers.ChoiceField) and field.read_only:
            field.allow_blank = field.allow_blank or _may_be_blank(field)
        return super()._map_serializer_field(field, direction, bypass_extensions)


def _may_be_blank(field: Any) -> bool:
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = {column.name: column for column in model._meta.get_fields()} if model else {}
    return getattr(columns.get(field.source), "blank", False)


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Hook of drf-spectacular: errors on every operation, Idempotency-Key on every POST."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in result["paths"].values():
        for method, operation in path.items():
            operation["responses"]["default"] = ANSWER
            if method == "post":
                operation.setdefault("parameters", []).append(KEY)
    return result
