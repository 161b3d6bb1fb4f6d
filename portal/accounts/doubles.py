"""Which organisations are probably entered twice. Pure: nothing is asked of the database."""

import re
from collections import Counter, defaultdict
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
MOST_COMPARED = 400  # names of one country, each with each: in greater ones those that share a rare piece
PIECE, MOST_OF_A_PIECE = 3, 100  # letters; names that have it: more have it for saying what kind of place they are
MOST_OF_A_KEY = 5  # organisations that share a website's host: more is a host of many, such as a ministry
Named = tuple[str, int]  # what tells a name apart, and whose primary key it is


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
    by_country: dict[str, list[Named]] = defaultdict(list)
    for row in rows:
        by_country[row.country].append((words_of(row.name), row.pk))
    why = _("Their names are nearly the same, in the same country.")
    for named in by_country.values():
        pairs = combinations(named, 2) if len(named) <= MOST_COMPARED else _sharing_rare_pieces(named)
        for (name, pk), (other, other_pk) in pairs:
            if _is_near(name, other):
                yield pk, other_pk, why


def _sharing_rare_pieces(named: list[Named]) -> Iterator[tuple[Named, Named]]:
    """Pairs worth comparing, in steps that grow with the names and not with their square.

    A letter typed wrong spoils three pieces of a name, and a tenth of its letters may be wrong: of its pieces, the
    rarest first, a third and one more are enough for two near names to meet. At least half of all must be the same.
    """
    pieces = [{name[at : at + PIECE] for at in range(max(len(name) - PIECE + 1, 1))} for name, _pk in named]
    shared = Counter(piece for own in pieces for piece in own)
    having: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(pieces):
        telling = sorted((shared[piece], piece) for piece in own if shared[piece] <= MOST_OF_A_PIECE)
        rarest = [piece for _number, piece in telling[: len(named[place][0]) // 3 + 1]]
        for other in sorted({other for piece in rarest for other in having[piece]}):
            if 2 * len(own & pieces[other]) >= len(own):
                yield named[other], named[place]
        for piece in rarest:
            having[piece].append(place)


def _is_near(name: str, other: str) -> bool:
    """The cheap bounds first: most pairs differ in length or letters."""
    if name == other or min(len(name), len(other)) < NEAR * max(len(name), len(other)):
        return False
    matcher = SequenceMatcher(None, name, other, autojunk=False)
    return matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR
