"""Pictures as programs see them, within their story or event."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from portal.stories.models import Picture


class DrawingSerializer(serializers.Serializer[Any]):
    """One drawing: `format` is avif, webp or jpg, `width` and `height` points, `size` bytes."""

    format = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    size = serializers.IntegerField()
    url = serializers.SerializerMethodField()

    def get_url(self, row: Any) -> str:
        return settings.SITE_URL + row.get_absolute_url()


class PictureSerializer(serializers.ModelSerializer[Picture]):
    """Words in the language of the request. `drawings` is empty until a worker has drawn them.

    Fetch `pictures__variants` with the rows.
    """

    drawings = DrawingSerializer(source="variants", many=True, read_only=True)

    class Meta:
        model = Picture
        fields = ("alt", "caption", "credit", "drawings")
        read_only_fields = fields
