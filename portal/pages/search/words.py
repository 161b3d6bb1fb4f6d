"""Mistyped words: which words the public could have meant, by their runs of three letters and then letter by letter."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import CharField, Count, Func, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Length
from django.utils import translation
from django_countries import countries

from instruments.models import Technique
from portal.core import search
from portal.pages.models import SearchWord
from portal.pages.search.kinds import KINDS
from portal.pages.search.pages import shown_pages, texts_of, words_in

SHORTEST, LONGEST = 4, 40
SHORT_WORD = 5  # letters up to which one slip is forgiven; in longer words two are
MOST_WORDS = 4  # of a question
NEAR = 30  # words compared letter by letter, for each mistyped one
MOST_KEPT = 100_000  # words of a language, those of most texts
BATCH = 2000
TRIGRAMS = ArrayField(CharField(max_length=3))
WORD = re.compile(r"[^\W\d_]+")


class Has(Func):
    """1 where the array has the element, else 0."""

    template = "(%(expressions)s)::int"
    arg_joiner = " @> "
    output_field = IntegerField()


def trigrams(word: str, step: int = 1) -> list[str]:
    """`crystal` -> `␣cr`, `cry`, `rys`, `yst`, `sta`, `tal`, `al␣`: its ends count as letters."""
    padded = f" {word} "
    return sorted({padded[start : start + 3] for start in range(0, len(padded) - 2, step)})


def distance(one: str, other: str, most: int) -> int:
    """How many letters were added, left out, changed, or swapped with the next; above `most` it may say less.

    Optimal string alignment (Damerau 1964; the recurrence of Wagner and Fischer with swaps of neighbours).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, opposite in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != opposite))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == opposite:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return last[-1]


def corrected(question: str, language: str) -> str:
    """Return the folded question with each mistyped word replaced by the nearest known one; "" when none is."""
    typed = search.fold(question)[: search.LONGEST]
    asked = [word for word in dict.fromkeys(WORD.findall(typed)) if SHORTEST <= len(word) <= LONGEST][:MOST_WORDS]
    if not asked:
        return ""
    near: dict[str, list[tuple[str, int]]] = {word: [] for word in asked}
    first, *others = [_near(word, language) for word in asked]
    for word, other, texts in first.union(*others, all=True):
        near[word].append((other, texts))
    better = {word: _nearest(word, found) for word, found in near.items()}
    meant = WORD.sub(lambda match: better.get(match[0], match[0]), typed)
    return " ".join(meant.split()) if meant != typed else ""


def _nearest(word: str, found: Iterable[tuple[str, int]]) -> str:
    """The nearest of known words and the numbers of their texts; `word` itself when it is one, or begins one."""
    known = list(found)
    if any(other.startswith(word) for other, _texts in known):
        return word
    most = 1 if len(word) <= SHORT_WORD else 2
    measured = [(distance(word, other, most), other[0] != word[0], -texts, other) for other, texts in known]
    within = [place for place in measured if place[0] <= most]
    return min(within)[-1] if within else word


def _near(word: str, language: str) -> QuerySet[Any, Any]:
    """(word, known word, texts with it): known words of about this length that share most runs of letters with it."""
    runs = trigrams(word)
    shared = reduce(add, (Has("trigrams", Value([run], output_field=TRIGRAMS)) for run in runs))
    enough = runs if len(word) <= SHORT_WORD else trigrams(word, 2)  # of a longer word some of them are left whole
    rows = SearchWord.objects.filter(language=language, trigrams__overlap=enough)
    rows = rows.alias(letters=Length("word")).filter(letters__gte=len(word) - 2, letters__lte=len(word) + 2)
    rows = rows.annotate(asked=Value(word, output_field=CharField()), shared=shared)
    return rows.order_by("-shared", "-texts").values_list("asked", "word", "texts")[:NEAR]


def gather(language: str) -> int:
    """Count the words of what visitors may read in `language`, and keep them; return how many there are."""
    counted = _counted(language)
    kept = dict(counted.most_common(MOST_KEPT))
    with transaction.atomic():
        known = dict(SearchWord.objects.filter(language=language).values_list("word", "texts"))
        gone = sorted(known.keys() - kept.keys())
        for start in range(0, len(gone), BATCH):
            SearchWord.objects.filter(language=language, word__in=gone[start : start + BATCH]).delete()
        _keep(language, {word: texts for word, texts in kept.items() if known.get(word) != texts})
    return len(kept)


def gather_all() -> int:
    """Gather in every language that has an index; return how many words there are."""
    return sum(gather(language) for language in search.CONFIGS)


def _counted(language: str) -> Counter[str]:
    """In how many texts each word stands. PostgreSQL takes the texts apart; only words travel."""
    counted: Counter[str] = Counter()
    visitor = AnonymousUser()
    for kind in KINDS:
        counted.update(_words_of(kind.visible_to(visitor), kind.words(language)))
    counted.update(_words_of(Technique.objects.order_by(), search.all_words(language, ("name", "summary"), ())))
    for page in shown_pages():
        counted.update(filter(_is_kept, words_in(texts_of(page, language))))
    with translation.override(language):
        named = {word for _code, name in countries for word in WORD.findall(search.fold(str(name)))}
    counted.update(filter(_is_kept, named))
    return counted


def _is_kept(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and WORD.fullmatch(word) is not None


def _words_of(rows: QuerySet[Any], vector: Any) -> dict[str, int]:
    words = Func(
        Func(vector, function="tsvector_to_array", output_field=ArrayField(TextField())),
        function="unnest",
        output_field=TextField(),
    )
    counted = rows.annotate(found=words).values("found").annotate(texts=Count("pk")).values_list("found", "texts")
    return {word: texts for word, texts in counted.iterator(BATCH) if _is_kept(word)}


def _keep(language: str, words: dict[str, int]) -> None:
    rows: Sequence[SearchWord] = [
        SearchWord(language=language, word=word, texts=words[word], trigrams=trigrams(word)) for word in sorted(words)
    ]
    SearchWord.objects.bulk_create(
        rows,
        BATCH,
        update_conflicts=True,
        unique_fields=["language", "word"],
        update_fields=["texts"],
    )
