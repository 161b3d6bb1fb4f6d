"""Countries by the names that people type, in any language of the portal, capitals and accents or not."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, TextField, Value
from django.utils import translation
from django_countries import countries

from portal.core.search import LONGEST, fold

WORD = re.compile(r"\w+")
AFTER_MINUS = re.compile(r"(?:^|\s)-\Z")
# What follows the name proper in lists: `Bahamas (the)`, `Réunion, La`.
AFTER_THE_NAME = re.compile(r"\s*[(,].*")
# What countries are called besides.
ALSO_CALLED = {
    "burma": "MM",
    "cape verde": "CV",
    "congo brazzaville": "CG",
    "congo kinshasa": "CD",
    "czech republic": "CZ",
    "dr congo": "CD",
    "drc": "CD",
    "east timor": "TL",
    "etats unis": "US",
    "grande bretagne": "GB",
    "great britain": "GB",
    "ile maurice": "MU",
    "iles du cap vert": "CV",
    "ivory coast": "CI",
    "macedonia": "MK",
    "nauru": "NR",
    "rd congo": "CD",
    "rdc": "CD",
    "republic of congo": "CG",
    "republic of the congo": "CG",
    "republique du congo": "CG",
    "swaziland": "SZ",
    "tchequie": "CZ",
    "turkey": "TR",
    "uk": "GB",
    "united states": "US",
    "usa": "US",
}
AROUND = " ,;:.?!'’"  # a name
# What stands between a subject and the name of a country, in English and French: "optics in the Gambia".
BEFORE_A_NAME = {
    *("and", "for", "from", "in", "near", "of", "or", "the", "to"),
    *("a", "au", "aux", "d", "dans", "de", "des", "du", "en"),
    *("et", "l", "la", "le", "les", "ou", "pour", "sur", "vers"),
}


class Named(NamedTuple):
    """ISO 3166 codes of the countries that a question names, and the question without them, folded."""

    codes: list[str]
    rest: str


def countries_in(question: str) -> Named:
    """Find the countries named in a longer question: `Cristallographie au Sénégal` -> SN, `cristallographie`.

    The longest name counts: `South Sudan` is not Sudan. What stands in quotes or after a minus names none.
    """
    typed = fold(question.replace("\x00", " "))[:LONGEST]
    words = list(WORD.finditer(typed))
    if '"' in typed:
        return Named([], typed)
    codes: dict[str, None] = {}
    kept: list[tuple[int, int]] = []  # where the texts between the names begin and end
    begin = place = 0
    while place < len(words):
        code, after = (None, place + 1) if _is_excluded(typed, words[place]) else _name_at(words, place)
        if code:
            codes[code] = None
            kept.append((begin, _without_small_words(words, place, begin)))
            begin = words[after - 1].end()
        place = after
    kept.append((begin, len(typed)))
    rest = " ".join(" ".join(typed[start:end] for start, end in kept).split())
    return Named(list(codes), rest.rstrip(AROUND + "-").lstrip(AROUND) if codes else rest)


def codes_in(column: str) -> Func:
    """The codes that a column holds in one text, with commas between, as an array that an index may hold."""
    return Func(F(column), Value(","), function="string_to_array", output_field=ArrayField(TextField()))


def country_called(name: str) -> str:
    """The code of the country with exactly this name; "" when there is none."""
    return _names_in_words().get(tuple(WORD.findall(fold(name))), "")


def by_name(codes: Iterable[str], asked: str = "") -> list[tuple[str, str]]:
    """(code, name in the active language), ordered as a reader looks for them: `Bénin` before `Burkina Faso`.

    The country a reader has `asked` for is among them, if it is one: an old address may find nothing, but is no fault.
    """
    offered = {*codes, asked} if asked in countries else codes
    named = [(code, str(countries.name(code)) or code) for code in offered]
    return sorted(named, key=lambda pair: fold(pair[1]))


def countries_begun(text: str, letters: int, *, by_any_word: bool = False) -> list[str]:
    """Codes of the countries whose name, or with `by_any_word` any word of it, begins with all of `text`.

    None where fewer than so many letters are typed.
    """
    typed = fold(text.replace("\x00", " ")).strip()
    if len(typed) < letters:
        return []
    return sorted(
        {code for name, code in _full_names() if name.startswith(typed) or (by_any_word and f" {typed}" in name)}
    )


def _name_at(words: list[re.Match[str]], place: int) -> tuple[str | None, int]:
    """The code of the longest name that begins with this word, and the place after it."""
    for length in range(min(_longest_name(), len(words) - place), 0, -1):
        code = _names_in_words().get(tuple(word[0] for word in words[place : place + length]))
        if code:
            return code, place + length
    return None, place + 1


def _is_excluded(typed: str, word: re.Match[str]) -> bool:
    return AFTER_MINUS.search(typed, 0, word.start()) is not None


def _without_small_words(words: list[re.Match[str]], place: int, begin: int) -> int:
    """Where the text before the word at `place` ends, when small words right before it are left out."""
    while place and words[place - 1].start() >= begin and words[place - 1][0] in BEFORE_A_NAME:
        place -= 1
    return words[place].start()


@cache
def _full_names() -> frozenset[tuple[str, str]]:
    """(folded name, code) in every language of the portal."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {(fold(str(name)), code) for code, name in countries}
    return frozenset(found)


@cache
def _names_in_words() -> dict[tuple[str, ...], str]:
    """Codes by the words of a name, in full and without what follows the name proper."""
    full = dict(sorted(_full_names()))
    named = {AFTER_THE_NAME.sub("", name): code for name, code in full.items()} | full | ALSO_CALLED
    return {tuple(WORD.findall(name)): code for name, code in named.items()}


@cache
def _longest_name() -> int:
    return max(map(len, _names_in_words()))
