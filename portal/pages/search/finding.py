"""What speaks to a question, of every kind, in one statement.

Each kind is asked through its full-text index for at most `MOST` rows, and for those whose techniques the question
names; where it names a country, for those of that country that answer the rest of it, too. Only they are ranked, by
their titles: so a question that half the portal answers costs little more than one that nothing answers, and the count
stays honest ("more than 300").
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import BooleanField, CharField, F, FloatField, Func, QuerySet, Value

from instruments.models import Technique
from portal.core import search
from portal.core.countries import countries_begun, countries_in
from portal.pages.search.kinds import KINDS, Kind

MOST = 300
# Beside ts_rank of a title, which is above 0.3 where each word of the question stands in it, in whatever form.
BY_TECHNIQUE, BY_COUNTRY = 0.25, 0.2
LETTERS_OF_A_COUNTRY = 4


class Says(Func):
    """Whether a document answers a query, which PostgreSQL does not see before it has made its plan.

    It takes a word it does not know for a rare one, and so the index. Where it knows that a word stands in most texts
    it would read the table instead, until it has enough, taking every text apart anew: ten times slower.
    """

    template = "%(expressions)s)"
    arg_joiner = " @@ (SELECT "
    output_field = BooleanField()


@dataclass
class Found:
    """Primary keys by kind, best first; `cut` are the kinds of which there is more than that."""

    keys: dict[str, list[int]] = field(default_factory=dict)
    cut: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        return sum(map(len, self.keys.values()))

    def count(self, kind: str) -> int:
        return len(self.keys.get(kind, ()))


def language_of(code: str | None) -> str:
    """The language whose index is searched: the reader's, or English where there is none of theirs."""
    language = (code or "en")[:2]
    return language if language in search.CONFIGS else "en"


def find(question: str, user: Any, language: str) -> Found:
    """What `user` may see that speaks to `question`, in `language` (one of `search.CONFIGS`)."""
    if search.query(question, language) is None:
        return Found()
    first, *others = [part for kind in KINDS for part in _parts(kind, user, question, language)]
    return _sorted(first.union(*others, all=True))


def _parts(kind: Kind, user: Any, question: str, language: str) -> Iterator[QuerySet[Any, Any]]:
    """A country that is named counts as if its name stood in the texts of its rows: those are asked for the rest."""
    visible: Any = kind.visible_to(user)
    yield from _speaking(kind, visible, question, language)
    codes, rest = countries_in(question)
    if codes:
        there = visible.of_countries(codes)
        if search.query(rest, language) is None:
            yield _candidates(kind, there, Value(BY_COUNTRY))
        else:
            yield from _speaking(kind, there, rest, language)
    elif begun := countries_begun(question, LETTERS_OF_A_COUNTRY):
        yield _candidates(kind, visible.of_countries(begun), Value(BY_COUNTRY))


def _speaking(kind: Kind, rows: QuerySet[Any], question: str, language: str) -> Iterator[QuerySet[Any, Any]]:
    """Those of `rows` in whose texts the question, which has a word, stands, and those whose techniques it names."""
    query: Any = search.query(question, language)
    said = rows.filter(Says(kind.document(language), query))
    yield _candidates(kind, said, SearchRank(kind.title(language), query))
    if kind.has_techniques:
        through: Any = kind.model.techniques.through  # type: ignore[attr-defined]
        named = through.objects.filter(technique__in=Technique.objects.matching(question, language).values("pk"))
        owner = kind.model._meta.model_name or ""
        yield _candidates(kind, rows.filter(pk__in=named.values(owner)), Value(BY_TECHNIQUE))


def _candidates(kind: Kind, rows: QuerySet[Any], rank: Any) -> QuerySet[Any, Any]:
    columns = {
        "kind_": Value(kind.name, output_field=CharField()),
        "key_": F("pk"),
        "rank_": rank if isinstance(rank, SearchRank) else Value(rank.value, output_field=FloatField()),
        "moment_": F(kind.moment),
    }
    return rows.annotate(**columns).values_list(*columns)[: MOST + 1]


def _sorted(rows: QuerySet[Any, Any]) -> Found:
    """A row that was found in two ways counts once, by the better of them."""
    best: dict[str, dict[int, tuple[float, float, int]]] = {kind.name: {} for kind in KINDS}
    for kind, key, rank, moment in rows:
        place = (rank, moment.timestamp() if moment else 0.0, key)
        best[kind][key] = max(place, best[kind].get(key, place))
    keys = {kind: sorted(places, key=places.__getitem__, reverse=True) for kind, places in best.items()}
    cut = frozenset(kind for kind, found in keys.items() if len(found) > MOST)
    return Found({kind: found[:MOST] for kind, found in keys.items()}, cut)
