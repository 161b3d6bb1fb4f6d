"""`make crawl`: every page as everybody, in every language, theme and width. Long, so no part of `make test`.

Looks for what axe finds, sideways scroll, complaints of the browser, pages over their budget, and English on French
pages. Arguments are pytest's: `make crawl ARGS="-k staff-fr"`.
"""

import itertools
import os
import sys
from functools import cache

import pytest
from django.utils.translation import trans_real

from tests.journeys.stops import READERS, STOPS
from tests.journeys.test_looks import look_at
from tests.journeys.test_weights import over_budget
from tests.journeys.weighing import Scale

LANGUAGES, THEMES, WIDTHS = ("en", "fr"), ("light", "dark"), (320, 768, 1280)
DRESSES = list(itertools.product(READERS, LANGUAGES, THEMES, WIDTHS))
TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest("[lang=en], script")) texts.push(walker.currentNode.data.trim());
    }
    return texts;
}"""


@cache
def english_with_french() -> frozenset[str]:
    """Sentences of three words and more that have a French translation other than themselves."""
    pairs = trans_real.translation("fr")._catalog.items()
    whole = ((key, french) for key, french in pairs if isinstance(key, str) and len(key.split()) > 2)
    return frozenset(key for key, french in whole if french and french != key)


def untranslated(visit):
    return sorted(set(visit.page.evaluate(TEXTS)) & english_with_french())


@pytest.mark.parametrize(
    ("reader", "language", "theme", "width"), DRESSES, ids=["-".join(map(str, dress)) for dress in DRESSES]
)
def test_pages_of(window, cast, world, reader, language, theme, width):
    faults = []
    visit = window(cast[reader], theme=theme, width=width)
    for stop in STOPS:
        if stop.reader == reader:
            path = f"/{language}{stop.path.format(**world)}"
            faults += look_at(visit, path, stop.status)
            if language == "fr":
                faults += [f"{path}: not in French: {words}" for words in untranslated(visit)]
    assert faults + visit.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", READERS)
def test_weights_of(window, cast, world, reader, language):
    heavy = []
    for stop in STOPS:
        if stop.reader == reader:
            visit = window(cast[reader])
            scale, path = Scale(visit), f"/{language}{stop.path.format(**world)}"
            heavy += over_budget(stop, scale.weigh(path), scale.weigh(path))
            visit.context.close()
    assert heavy == []


if __name__ == "__main__":
    options = ["-n", "2", "--dist", "load", "--timeout", "1800", *sys.argv[1:]]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", __file__, *options])
