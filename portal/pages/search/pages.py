"""The few pages about the portal: they are searched here and not in the database, since most are shipped as files."""

import re
from functools import lru_cache

from portal.core.search import fold
from portal.core.translated import text_and_language
from portal.pages.search.highlighting import fragment, marked, plain
from portal.pages.search.lines import Line
from portal.stories import shipped
from portal.stories.models import Page
from portal.stories.placeholders import filled

WORD = re.compile(r"\w+")
MOST = 20


def shown_pages() -> list[Page]:
    return [page for page in shipped.with_shipped(Page.objects.all()) if page.is_shown]


def texts_of(page: Page, language: str) -> str:
    """All that a page says in one language, or in English where nobody translated it."""
    columns = ("title", "summary", "body")
    texts = [getattr(page, f"{column}_{language}") or getattr(page, f"{column}_en") for column in columns]
    return filled(" ".join(text or "" for text in texts))


def speaking_of(terms: list[str]) -> list[Page]:
    """Pages in which each of these words, or one that begins with it, stands; those with more in their titles first."""
    if not terms:
        return []
    found = []
    for page in shown_pages():
        title, language = text_and_language(page, "title")
        if all(_has(words_in(texts_of(page, language)), term) for term in terms):
            found.append((-sum(_has(words_in(title), term) for term in terms), page.title, page))
    return [page for *_place, page in sorted(found, key=lambda row: row[:2])][:MOST]


def page_lines(pages: list[Page], terms: list[str]) -> list[Line]:
    lines = []
    for page in pages:
        title, title_language = text_and_language(page, "title")
        text, language = text_and_language(page, "summary")
        if not fragment(text, terms):
            body, body_language = text_and_language(page, "body")
            if part := fragment(filled(body), terms):
                text, language = part, body_language
        lines.append(Line("pages", page, (marked(title, terms), title_language), (marked(text, terms), language)))
    return lines


@lru_cache(maxsize=256)
def words_in(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(fold(plain(text))))


def _has(words: frozenset[str], term: str) -> bool:
    return term in words or (len(term) > 1 and any(word.startswith(term) for word in words))
