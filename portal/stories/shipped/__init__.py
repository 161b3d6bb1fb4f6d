"""The pages that come with the portal, until staff write their own at the same address.

Each is two files here, `<slug>.en.md` and `<slug>.fr.md`: lines `name: value` (title, summary, section, position), a
line of three dashes, and the text in Markdown. They are read once a process.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from portal.stories.enums import PageSection
from portal.stories.models import Page

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fr")
# Every page's foot leads to these, and the law asks for some: their words may change, they may not vanish.
LASTING = frozenset({"accessibility", "privacy", "cookies", "contact", "questions"})


def slugs() -> frozenset[str]:
    return frozenset(_columns())


def shipped_page(slug: str) -> Page | None:
    """The shipped page at this address as a row that is stored nowhere, or None."""
    columns = _columns().get(slug)
    return Page(slug=slug, **columns) if columns else None


def texts_of(slug: str) -> dict[str, str]:
    """The shipped texts by column (`title_en`), nothing where the portal ships no such page."""
    columns = _columns().get(slug, {})
    return {name: value for name, value in columns.items() if name.rpartition("_")[2] in LANGUAGES}


def with_shipped(stored: Iterable[Page]) -> list[Page]:
    """`stored` pages, and each shipped one in whose place none of them stands; by section, position and address."""
    pages = {slug: Page(slug=slug, **columns) for slug, columns in _columns().items()}
    pages |= {page.slug: page for page in stored}
    order = list(PageSection)
    return sorted(pages.values(), key=lambda page: (order.index(PageSection(page.section)), page.position, page.slug))


@cache
def _columns() -> dict[str, dict[str, Any]]:
    """Slug -> columns of Page."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.md")):
        slug, language = path.stem.rsplit(".", 1)
        head, _dashes, body = path.read_text(encoding="utf-8").partition("\n---\n")
        facts = dict(line.split(": ", 1) for line in head.splitlines())
        texts = {"title": facts["title"], "summary": facts["summary"], "body": body.strip() + "\n"}
        columns: dict[str, Any] = {f"{name}_{language}": text for name, text in texts.items()}
        if language == LANGUAGES[0]:
            columns |= {"section": PageSection(facts["section"]), "position": int(facts["position"])}
        found.setdefault(slug, {}).update(columns)
    return found
