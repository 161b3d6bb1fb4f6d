"""Which organisations are probably entered twice. Pure: nothing is asked of the database."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from portal.core.search import fold

# Words that say little about which university it is, in the languages of names here.
SMALL_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "at",
        "d",
        "da",
        "de",
        "del",
        "des",
        "do",
        "du",
        "e",
        "et",
        "for",
        "in",
        "l",
        "la",
        "le",
        "les",
        "of",
        "on",
        "the",
        "y",
    }
)
# The same word in English, French, Portuguese and Spanish, and short for it.
SAME_WORDS = {"universite": "university", "universidade": "university", "universidad": "university",
              "univ": "university", "institut": "institute", "instituto": "institute", "inst": "institute",
              "centre": "center", "centro": "center", "laboratoire": "laboratory", "laboratorio": "laboratory",
              "lab": "laboratory", "nationale": "national", "nacional": "national", "ecole": "school"}  # fmt: skip
NEAR = 0.9  # of 1: how alike two names of one country are that may be typing errors of each other
MOST_COMPARED = 400  # names of one country: beyond that only equal keys are found
MOST_OF_A_KEY = 5  # organisations that share a website's host: more is a host of many, such as a ministry


@dataclass(frozen=True)
class Entry:
    """What is compared of one organisation."""

    pk: int
    name: str
    country: str
    website: str


def likely_doubles(entries: Iterable[Entry]) -> list[tuple[int, int, str]]:
    """Pairs of primary keys, the smaller first, with the reason in words; the surest first."""
    rows = list(entries)
    found: dict[tuple[int, int], str] = {}
    for pairs in (_same_words(rows), _same_website(rows), _near_names(rows)):
        for first, second, why in pairs:
            found.setdefault((min(first, second), max(first, second)), why)
    return [(first, second, why) for (first, second), why in found.items()]


def words_of(name: str) -> str:
    """What tells a name apart: folded, without small words, translated where it is known, in one order."""
    words = (SAME_WORDS.get(word, word) for word in re.findall(r"\w+", fold(name)))
    return " ".join(sorted({word for word in words if word not in SMALL_WORDS}))


def host_of(website: str) -> str:
    """`example.org` of `https://www.example.org/en/`."""
    return (urlsplit(website).hostname or "").removeprefix("www.")


def _same_words(rows: list[Entry]) -> Iterator[tuple[int, int, str]]:
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        by_key[row.country, words_of(row.name)].append(row.pk)
    why = _("They have the same name, in the same country.")
    for pks in by_key.values():
        yield from ((first, second, why) for first, second in combinations(pks, 2))


def _same_website(rows: list[Entry]) -> Iterator[tuple[int, int, str]]:
    by_host: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if host := host_of(row.website):
            by_host[host].append(row.pk)
    for host, pks in by_host.items():
        if len(pks) <= MOST_OF_A_KEY:
            why = _("They have the same website, %(host)s.") % {"host": host}
            yield from ((first, second, why) for first, second in combinations(pks, 2))


def _near_names(rows: list[Entry]) -> Iterator[tuple[int, int, str]]:
    by_country: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        by_country[row.country].append((words_of(row.name), row.pk))
    why = _("Their names are nearly the same, in the same country.")
    for named in by_country.values():
        if len(named) <= MOST_COMPARED:
            for (name, pk), (other, other_pk) in combinations(named, 2):
                if _is_near(name, other):
                    yield pk, other_pk, why


def _is_near(name: str, other: str) -> bool:
    """The cheap bounds first: most pairs differ in length or letters."""
    if name == other or min(len(name), len(other)) < NEAR * max(len(name), len(other)):
        return False
    matcher = SequenceMatcher(None, name, other, autojunk=False)
    return matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR
