"""Searching 100,000 texts: each question one statement, below 50 ms of the database, through the full-text indexes.

Texts are made of 20,000 invented words, some in almost every text, most in few. Everything written is undone.
"""

import random
import time
from io import StringIO
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from benchmarks.common import database_milliseconds, figure
from portal.pages.models import SearchWord
from portal.pages.search.finding import find
from portal.pages.search.words import corrected, gather

STORIES, EVENTS, ORGANISATIONS = 40_000, 30_000, 30_000
WORDS = 20_000
BAR = 50  # milliseconds
COUNTRY = "a country"  # of most kinds it has no index: tables are read until enough is found
ROWS = {"stories_story": STORIES, "stories_event": EVENTS, "accounts_organisation": ORGANISATIONS}
TABLES = tuple(ROWS)
CHANCE = random.Random(5)  # no secret, but a fixed sequence
INDEXES = ("story_search", "event_search", "organisation_search")
MOMENT = "'2027-01-01T00:00Z'::timestamptz"
PLANTED = {
    "stories_story": f"""
INSERT INTO stories_story (slug, kind, title, title_en, title_fr, summary, summary_en, summary_fr, body, body_en,
    body_fr, byline, countries, dois, shows_people, state, state_note, is_featured, published_at, version, created_at,
    updated_at)
SELECT 'bench-' || n, 'access', '', t, t, '', s, s, '', b, b, '', (ARRAY['KE,UG', 'SN', 'BJ,TG', '', ''])[1 + n % 5],
    '{{}}', false, 'published', '', false, {MOMENT} - n * interval '1 minute', 0, {MOMENT}, {MOMENT}
FROM made""",
    "stories_event": f"""
INSERT INTO stories_event (slug, kind, title, title_en, title_fr, summary, summary_en, summary_fr, body, body_en,
    body_fr, starts_at, ends_at, has_hours, time_zone, place, country, link, partners, source, state, state_note,
    published_at, version, created_at, updated_at)
SELECT 'bench-' || n, 'seminar', '', t, t, '', s, s, '', b, b, {MOMENT}, {MOMENT} + interval '1 day', false, 'UTC', '',
    (ARRAY['KE', 'SN', 'BJ', 'TG', 'GH'])[1 + n % 5], '', '', '', 'published', '', {MOMENT}, 0, {MOMENT}, {MOMENT}
FROM made""",
    "accounts_organisation": f"""
INSERT INTO accounts_organisation (name, slug, kind, country, city, time_zone, ror, website, summary, summary_en,
    summary_fr, state, created_at, updated_at)
SELECT t || n, 'bench-' || n, 'university', (ARRAY['KE', 'SN', 'BJ', 'TG', 'GH'])[1 + n % 5], '', 'UTC', '', '', '', s,
    s, 'verified', {MOMENT}, {MOMENT}
FROM made""",
}


def run() -> list[dict[str, Any]]:
    words = _vocabulary()
    with transaction.atomic():
        _plant(words)
        started = time.perf_counter()
        known = gather("en")
        taken = time.perf_counter() - started
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {SearchWord._meta.db_table}")  # both as autovacuum does a minute later
            cursor.execute("SELECT gin_clean_pending_list('search_word_trigrams')")
        figures = [figure(f"gathering {known:,} words of {STORIES + EVENTS + ORGANISATIONS:,} texts", taken, "s")]
        for what, question in _questions(words).items():
            figures += _ask(what, lambda question=question: find(question, AnonymousUser(), "en"))
        figures += _ask(
            "a mistyped word", lambda: corrected(_mistyped(words[4000]), "en"), indexes=("search_word_trigrams",)
        )
        figures += _ask(
            "four mistyped words",
            lambda: corrected(" ".join(_mistyped(words[n]) for n in range(3000, 7000, 1000)), "en"),
            indexes=("search_word_trigrams",),
        )
        transaction.set_rollback(True)
    return figures


def _questions(words: list[str]) -> dict[str, str]:
    return {
        "a word of most texts": words[0],
        "a word of some texts": words[400],
        "a word of few texts": words[-7],
        "two words": f"{words[3]} {words[40]}",
        "the beginning of many words": words[0][:3],
        COUNTRY: "Kenya",
        f"a word of most texts and {COUNTRY}": f"{words[0]} Kenya",
        f"a word of few texts and {COUNTRY}": f"{words[-7]} Senegal",
        f"words of most texts and {COUNTRY} of none": f"{words[0]} {words[1]} Mongolia",
        "200 letters": " ".join(words[:60])[:200],
        "no word there is": "qqqqxyz",
    }


def _ask(what: str, deed: Any, indexes: tuple[str, ...] = INDEXES) -> list[dict[str, Any]]:
    """Weigh the one statement of `deed` in the database, and look at its plan."""
    asked: list[tuple[str, Any]] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        deed()
    [(sql, params)] = asked
    plan, taken = _plan(sql, params), database_milliseconds(sql, params)
    through = what == COUNTRY or all(index in plan for index in indexes)  # which way is cheaper goes by a sample
    whole = COUNTRY not in what and any(
        f"Seq Scan on {table}" in plan for table in (*TABLES, SearchWord._meta.db_table)
    )
    if whole or not through or taken >= BAR:
        print(f"Plan of {what}:\n{plan}", flush=True)
    return [
        figure(f"searching {what}", taken, "ms", f"below {BAR}", ok=taken < BAR),
        figure(f"tables read whole by {what}", int(whole or not through), "tables", "0", ok=through and not whole),
    ]


def _plan(sql: str, params: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def _plant(words: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE made (n integer, t text, s text, b text) ON COMMIT DROP")
        for table, sql in PLANTED.items():
            cursor.execute("TRUNCATE made")
            lines = (f"{n}\t{_text(words, 5)}\t{_text(words, 15)}\t{_text(words, 60)}\n" for n in range(ROWS[table]))
            cursor.copy_expert("COPY made FROM STDIN", StringIO("".join(lines)))
            cursor.execute(sql)
            cursor.execute(f"ANALYZE {table}")
        for index in INDEXES:
            for language in ("en", "fr"):
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [f"{index}_{language}"])


def _text(words: list[str], number: int) -> str:
    """So many of the words, the first ones by far the most often."""
    return " ".join(words[int(WORDS * CHANCE.random() ** 3)] for _ in range(number))


def _vocabulary() -> list[str]:
    """WORDS invented words of two to four syllables, always the same."""
    chosen = random.Random(7)  # no secret, but a fixed sequence
    syllables = [a + b for a in "bcdfglmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "on")]
    made: dict[str, None] = {}
    while len(made) < WORDS:
        made["".join(chosen.choices(syllables, k=chosen.randint(2, 4)))] = None
    return list(made)


def _mistyped(word: str) -> str:
    """`word` with its third and fourth letters swapped."""
    return word[:2] + word[3] + word[2] + word[4:]
