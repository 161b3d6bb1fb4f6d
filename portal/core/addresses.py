"""Address parts: the words of a title, told apart by a number where another row of its kind has them."""

from collections.abc import Collection
from itertools import chain, count
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from portal.core.turns import take_turn

ROOM = len("-9999")
PAGES = {"new"}  # what the desk of every kind has at this address itself


def free_slug(rows: QuerySet[Any], title: str, otherwise: str, reserved: Collection[str] = ()) -> str:
    """Return an address part made of `title`, of `otherwise` where that has no letters, that none of `rows` has.

    `reserved`: addresses of pages beside those of the rows. Call it in the transaction that saves the row: until that
    ends nobody else is given an address of this kind.
    """
    longest = rows.model._meta.get_field("slug").max_length - ROOM
    stem = slugify(title)[:longest].strip("-") or otherwise
    take_turn(f"addresses of {rows.model._meta.label_lower}")
    taken = {*PAGES, *reserved, *rows.filter(slug__startswith=stem).values_list("slug", flat=True)}
    return next(slug for slug in chain([stem], (f"{stem}-{number}" for number in count(2))) if slug not in taken)
