"""Photographs of an instrument, for its page: `{% load photographs %}{% photographs instrument as shown %}`."""

from django import template
from django.db.models import prefetch_related_objects

from instruments.models import Instrument
from portal.stories.enums import PictureFormat
from portal.stories.models import Picture

register = template.Library()


@register.simple_tag
def photographs(instrument: Instrument) -> list[Picture]:
    """Those that workers have drawn, in their order; two statements, however often a page asks."""
    prefetch_related_objects([instrument], "pictures__variants")
    return [row for row in instrument.pictures.all() if row.drawn_as(PictureFormat.JPEG)]
