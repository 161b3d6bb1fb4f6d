"""Pictures of stories, events and instruments in pages: `{% load pictures %}`.

    {% picture row %}                                    in the column of a text
    {% picture row sizes="(min-width: 64rem) 20rem, 100vw" caption=False %}   in a card
    {% picture row eager=True %}                         the first thing on a page: loaded at once
    {% picture row as_link=True %}                       a link with its weight: whoever wants it fetches it
    {% picture row widest=360 %}                         no wider one, however many points the screen has
    {% picture_address row %}                            the whole address of its JPEG, for Open Graph

Fetch rows with their drawings (`prefetch_related("pictures__variants")`, or `Picture.objects.drawn()`): then nothing
more is asked of the database. A picture that no worker has drawn yet shows nothing. Where little data is wanted, a link
with its weight stands in its place.
"""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

from portal.core.low_data import is_low_data
from portal.core.translated import text_and_language
from portal.stories.enums import PictureFormat
from portal.stories.models import Picture, Variant

register = template.Library()

TEXT = "(min-width: 48rem) 44rem, 100vw"
LINKED = 720  # points wide: what a link in place of a picture leads to
SHARED = 1080


@register.inclusion_tag("stories/_picture.html", takes_context=True)
def picture(
    context: template.Context,
    row: Picture,
    sizes: str = TEXT,
    caption: bool = True,
    eager: bool = False,
    as_link: bool = False,
    widest: int = 0,
) -> dict[str, Any]:
    """The picture in every format and width that there is, described; `sizes` says how wide the page shows it."""
    shown = row.drawn_as(PictureFormat.JPEG)
    request = context.get("request")
    is_link = shown is not None and (as_link or (request is not None and is_low_data(request)))
    alt, language = text_and_language(row, "alt")
    return {
        "row": row,
        "alt": alt,
        "alt_language": "" if language == (get_language() or "").split("-")[0] else language,
        "shown": shown,
        "linked": row.drawn_as(PictureFormat.WEBP, LINKED) if is_link else None,
        "sources": [] if is_link else [_source(row, kind, widest) for kind in (PictureFormat.AVIF, PictureFormat.WEBP)],
        "set": srcset(row, PictureFormat.JPEG, widest),
        "sizes": sizes,
        "has_caption": caption and bool(row.caption or row.credit),
        "eager": eager,
    }


@register.simple_tag
def picture_address(row: Picture) -> str:
    """The whole address of the JPEG that other sites show beside a link; empty before it is drawn."""
    shown = row.drawn_as(PictureFormat.JPEG, SHARED)
    return settings.SITE_URL + shown.get_absolute_url() if shown else ""


def srcset(row: Picture, kind: str, widest: int = 0) -> str:
    """Every width in one format, or those up to `widest`, as browsers read it."""
    rows: list[Variant] = sorted((one for one in row.variants.all() if one.format == kind), key=lambda one: one.width)
    drawings = [one for one in rows if not widest or one.width <= widest] or rows[:1]
    return ", ".join(f"{one.get_absolute_url()} {one.width}w" for one in drawings)


def _source(row: Picture, kind: PictureFormat, widest: int) -> dict[str, str]:
    return {"type": f"image/{kind}", "set": srcset(row, kind, widest)}
