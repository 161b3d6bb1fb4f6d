"""Results as lines: one kind, one statement, whatever the number of rows."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from instruments.models import Technique
from portal.core.translated import text_and_language
from portal.pages.search.highlighting import WORD, fragment, marked, speaks_of
from portal.pages.search.kinds import BY_NAME, Kind

Text = tuple[SafeString, str]  # HTML, and the language it is in


@dataclass(frozen=True)
class Line:
    """`wish` is the address at which an interest in more like this is declared, where that makes sense.

    `once` and `also`: former and other names of an organisation that were asked for.
    """

    kind: str
    row: Any
    title: Text
    text: Text
    wish: str = ""
    once: tuple[SafeString, ...] = ()
    also: tuple[SafeString, ...] = ()


def lines(kind_name: str, keys: list[int], terms: list[str]) -> list[Line]:
    """The rows with these primary keys in this order, with `terms` marked; rows that are gone are left out."""
    if not keys:
        return []
    kind = BY_NAME[kind_name]
    found = {row.pk: row for row in _rows(kind, keys)}
    return [_line(kind, found[key], terms) for key in keys if key in found]


def _rows(kind: Kind, keys: list[int]) -> QuerySet[Any]:
    rows = kind.model._default_manager.filter(pk__in=keys).order_by()
    if kind.name == "instruments":
        rows = rows.select_related("organisation")
    if kind.name in ("calls", "instruments"):
        owner = "calls" if kind.name == "calls" else "instruments"
        slugs = Technique.objects.filter(**{owner: OuterRef("pk")}).order_by("path").values("slug")
        rows = rows.annotate(technique_slugs=ArraySubquery(slugs))
    return rows


def _line(kind: Kind, row: Any, terms: list[str]) -> Line:
    title, language = (row.name, "") if kind.called else text_and_language(row, kind.translated[0])
    names = (_asked(row.former, terms), _asked(row.others, terms)) if kind.name == "organisations" else ()
    return Line(kind.name, row, (marked(title, terms), language), _text(kind, row, terms), _wish(kind, row), *names)


def _asked(names: list[str], terms: list[str]) -> tuple[SafeString, ...]:
    return tuple(marked(name, terms) for name in names if any(speaks_of(word, terms) for word in WORD.findall(name)))


def _text(kind: Kind, row: Any, terms: list[str]) -> Text:
    """The summary; where it says nothing of what was asked, the part of the long text that does."""
    *_title, summary_field, body_field = kind.translated if len(kind.translated) > 2 else ("", kind.translated[0], "")
    summary, language = text_and_language(row, summary_field)
    if body_field and not fragment(summary, terms):
        body, body_language = text_and_language(row, body_field)
        if part := fragment(body, terms):
            return marked(part, terms), body_language
    return marked(summary, terms), language


def _wish(kind: Kind, row: Any) -> str:
    if kind.name not in ("calls", "instruments"):
        return ""
    asked: list[tuple[str, str]] = [("technique", slug) for slug in row.technique_slugs]
    if kind.name == "calls":
        asked.append(("kind", row.kind))
    return f"{reverse('interest:declare')}?{urlencode(asked)}" if asked else reverse("interest:declare")
