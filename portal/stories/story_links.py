"""What a story is linked to on the portal, as far as its reader may see it: one statement for all sorts."""

from typing import Any, NamedTuple

from django.db.models import F, Model, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import get_language

from calls.models import Call
from instruments.models import Instrument
from portal.accounts.models import Organisation
from portal.stories.models import Event, Story

SORTS: dict[str, tuple[type[Model], str]] = {
    "instruments": (Instrument, "name"),
    "calls": (Call, "title"),
    "events": (Event, "title"),
    "organisations": (Organisation, ""),
}


class Link(NamedTuple):
    sort: str
    url: str
    words: str


def links_of(story: Story, reader: Any) -> dict[str, list[Link]]:
    """The links by sort, in the order of SORTS; sorts without any are left out."""
    parts = [_of_sort(sort, story, reader) for sort in SORTS]
    found: dict[str, list[Link]] = {sort: [] for sort in SORTS}
    for sort, slug, words in parts[0].union(*parts[1:], all=True).order_by("words"):
        row: Any = SORTS[sort][0](slug=slug)
        found[sort].append(Link(sort, row.get_absolute_url(), words))
    return {sort: links for sort, links in found.items() if links}


def _of_sort(sort: str, story: Story, reader: Any) -> Any:
    model, field = SORTS[sort]
    rows: Any = model._default_manager
    linked = rows.visible_to(reader).filter(pk__in=getattr(story, sort).values("pk")).order_by()
    return linked.annotate(sort=Value(sort), words=_words(field)).values_list("sort", "slug", "words")


def _words(field: str) -> Any:
    """A name in the reader's language, else in the first that has one."""
    if not field:
        return Cast("name", TextField())
    language = (get_language() or "en").split("-")[0]
    columns = [F(f"{field}_{code}") for code in dict.fromkeys((language, "en", "fr"))]
    return Coalesce(*[NullIf(column, Value("")) for column in columns], Value(""), output_field=TextField())
