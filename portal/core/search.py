"""Full text search in PostgreSQL alone: one stemmed vector a language, accents typed or not.

Accents are folded by `translate()` in the database and by `fold` on what was typed: both by one table, so both sides
meet without the unaccent extension. The expressions are immutable and made of Django's own classes: the same
`document(...)` stands in a model's GIN index and in the query, and migrations import nothing of ours.
"""

import re
import unicodedata
from functools import reduce
from operator import or_
from typing import cast

from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchQuery,
    SearchQueryCombinable,
    SearchVector,
)
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Coalesce, Lower, NullIf

CONFIGS = {"en": "english", "fr": "french"}
LONGEST = 200

# Small letters of the Latin alphabets our readers write; capitals are made small first.
ACCENTED = "àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž"
PLAIN = "aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz"
_TABLE = str.maketrans(ACCENTED, PLAIN)


def fold(text: str) -> str:
    """Return `text` in small letters without their accents: `Métabolomique` becomes `metabolomique`."""
    return unicodedata.normalize("NFC", text).lower().translate(_TABLE)


def config_of(language: str) -> str:
    """Return PostgreSQL's text search configuration for a language code; `simple` where it has none here."""
    return CONFIGS.get(language[:2], "simple")


def document(language: str, translated: tuple[str, ...], names: tuple[str, ...]) -> CombinedSearchVector:
    """Return what is searched of a row in `language`.

    `translated`: fields with one column a language, most telling first (English stands in for an empty one);
    `names`: fields that have one text only. Names and the first translated field are kept unstemmed too.
    """
    head, *rest = [_in_language(field, language) for field in translated]
    config = config_of(language)
    plain = [folded(name) for name in names]
    together = SearchVector(head, config=config, weight="A") + SearchVector(head, *plain, config="simple", weight="A")
    if rest:
        together += SearchVector(*rest, config=config, weight="B")
    return cast(CombinedSearchVector, together)


def words_of(language: str, *columns: str) -> CombinedSearchVector:
    """Return what is searched of texts that people wrote in one language each, here or in related rows.

    They are searched as they stand and stemmed as those of `language`.
    """
    texts = [folded(name) for name in columns]
    return cast(
        CombinedSearchVector, SearchVector(*texts, config="simple") + SearchVector(*texts, config=config_of(language))
    )


def all_words(language: str, translated: tuple[str, ...], names: tuple[str, ...]) -> SearchVector:
    """Return every word that `document` of the same fields is searched by, folded and as it stands, unstemmed."""
    return SearchVector(*_texts(language, translated, names), config="simple")


def stems(language: str, translated: tuple[str, ...], names: tuple[str, ...]) -> SearchVector:
    """Return the stems of these fields, as weighty as those of a title: what little texts are ranked by, unindexed."""
    return SearchVector(*_texts(language, translated, names), config=config_of(language), weight="A")


def folded(column: str) -> Func:
    """Return the text of a column as `fold` writes it."""
    return _folded(F(column))


def _texts(language: str, translated: tuple[str, ...], names: tuple[str, ...]) -> list[Func]:
    return [_in_language(field, language) for field in translated] + [folded(name) for name in names]


def query(text: str, language: str) -> SearchQueryCombinable | None:
    """Return the query for what a visitor typed, the last word, of three letters or more, as a beginning.

    None when no word is in it. Quotes, `or` and a leading minus mean what they mean to web searches.
    """
    typed = fold(text.replace("\x00", " "))[:LONGEST].strip()
    if not re.search(r"\w", typed):
        return None
    config = config_of(language)
    *words, last = typed.split()
    if '"' in typed or not re.fullmatch(r"\w{3,}", last):
        return _said(typed, config)
    begun = _beginning(last, "simple") | _beginning(last, config)
    if not words:
        return begun  # a word begins with itself
    return _said(typed, config) | _said(" ".join(words), config) & begun


def any_word(text: str, language: str) -> SearchQueryCombinable | None:
    """Return the query for all that has one of the wanted words of what was typed: more than `query` finds.

    None where that may miss something: no word is wanted, or a text need only lack another one.
    """
    typed = fold(text.replace("\x00", " "))[:LONGEST].split()
    wanted = [word for word in typed if not word.startswith("-")]
    if len(wanted) < len(typed) and "or" in wanted:
        return None
    found = [each for word in wanted if (each := query(word, language)) is not None]
    return reduce(or_, found) if found else None


def _said(text: str, config: str) -> SearchQueryCombinable:
    """All of it stemmed, or all of it as it stands, as names are kept; what is excluded is so in every form."""
    stemmed = SearchQuery(text, config=config, search_type="websearch")
    if re.search(r"(?:^|\s)-\w", text):
        return stemmed
    return stemmed | SearchQuery(text, config="simple", search_type="websearch")


def _beginning(word: str, config: str) -> SearchQuery:
    return SearchQuery(f"{word}:*", config=config, search_type="raw")


def _in_language(field: str, language: str) -> Func:
    own = F(f"{field}_{language}")
    return _folded(own if language == "en" else Coalesce(NullIf(own, Value("")), F(f"{field}_en")))


def _folded(text: F | Func) -> Func:
    return Func(Lower(text), Value(ACCENTED), Value(PLAIN), function="translate", output_field=TextField())
