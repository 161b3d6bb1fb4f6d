"""The page of the search."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.core.paging import page_of
from portal.core.search import LONGEST, fold, query
from portal.pages.models import SearchWord
from portal.pages.search.finding import MOST, Found, find, language_of
from portal.pages.search.highlighting import terms_of
from portal.pages.search.kinds import BY_NAME
from portal.pages.search.lines import Line, lines
from portal.pages.search.pages import page_lines, speaking_of
from portal.pages.search.words import corrected
from portal.stories.models import Page

SHOWN_OF_EACH = 5  # results of each kind, before "all of them"
PAGES = "pages"
MOST_APART = 4  # words of a question that are offered one by one
DOORS = (
    ("calls:list", _("All calls")),
    ("instruments:list", _("All instruments")),
    ("events:list", _("All events")),
    ("stories:list", _("All stories")),
    ("network:list", _("The network")),
)


@dataclass(frozen=True)
class Tab:
    """`number` is how many were found, `MOST` when `is_cut`: there are more."""

    name: str
    label: Promise
    number: int
    is_cut: bool
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Part:
    """The best lines of one kind."""

    tab: Tab
    lines: list[Line]
    more: bool


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The best few of each kind for `?q=`; all of one kind, paged, with `in=calls`.

    Where nothing is found, what was probably meant is searched instead, and said; `exactly=1` leaves it at nothing.
    """
    typed = request.GET.get("q", "").replace("\x00", " ").strip()
    question = typed[:LONGEST].strip()
    context: dict[str, Any] = {"question": question, "is_cut": len(typed) > LONGEST, "most": MOST, "longest": LONGEST}
    context["doors"] = DOORS
    if query(question, "en") is None or not terms_of(question):
        return render(request, "pages/search.html", context)
    language = language_of(get_language())
    found, meant = find(question, request.user, language), ""
    if not found.total and "exactly" not in request.GET:
        found, meant = _instead(question, request.user, language)
    pages = speaking_of(terms_of(question)) if not meant else []
    context |= {"meant": meant, "exactly": _address(q=question, exactly="1"), "has_words": True}
    if found.total or pages:
        context |= _results(request, found, pages, meant or question)
    else:
        context["apart"] = _apart(question, language)
    return render(request, "pages/search.html", context)


def _instead(question: str, user: Any, language: str) -> tuple[Found, str]:
    """What the question probably meant, if that finds anything."""
    meant = corrected(question, language)
    found = find(meant, user, language) if meant else Found()
    return (found, meant) if found.total else (Found(), "")


def _results(request: HttpRequest, found: Found, pages: list[Page], question: str) -> dict[str, Any]:
    numbers = {name: found.count(name) for name in BY_NAME} | {PAGES: len(pages)}
    chosen = request.GET.get("in", "")
    chosen = chosen if numbers.get(chosen) else ""
    tabs = [_tab(name, number, question, chosen, name in found.cut) for name, number in numbers.items() if number]
    terms = terms_of(question)

    def drawn(name: str, keys: Any) -> list[Line]:
        return page_lines(keys, terms) if name == PAGES else lines(name, keys, terms)

    every: dict[str, list[Any]] = {**found.keys, PAGES: pages}
    context = {"tabs": tabs, "all": _address(q=question), "chosen": chosen, "total": sum(numbers.values())}
    if chosen:
        page = page_of(request, every[chosen])
        return context | {"page_obj": page, "lines": drawn(chosen, list(page.object_list))}
    more = SHOWN_OF_EACH
    parts = [Part(tab, drawn(tab.name, every[tab.name][:more]), tab.number > more) for tab in tabs]
    return context | {"parts": parts}


def _tab(name: str, number: int, question: str, chosen: str, is_cut: bool) -> Tab:
    label = BY_NAME[name].label if name in BY_NAME else _("Pages about the portal")
    return Tab(name, label, number, is_cut, _address(q=question, **{"in": name}), name == chosen)


def _apart(question: str, language: str) -> list[tuple[str, str]]:
    """Of a question of several words those that stand somewhere, each with the address that searches it alone."""
    words = {fold(word): word for word in question.split()}
    if len(words) < 2:
        return []
    known = set(SearchWord.objects.filter(language=language, word__in=words).values_list("word", flat=True))
    return [(word, _address(q=word)) for folded, word in words.items() if folded in known][:MOST_APART]


def _address(**asked: str) -> str:
    return f"?{urlencode(asked)}"
