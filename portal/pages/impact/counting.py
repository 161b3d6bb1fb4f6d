"""All figures up to the end of a day, straight from the rows: set by set in the database, nothing row by row.

Answers `{"cells": {key: {measure: number}}, "people": {measure: {key: {column: shown}}}}` for JSON. A key is
`year/place/technique`, each `*` for all: a place is a country (`KE`) or a region of M49 (`014`), a technique its slug.
What is shown of people is a number, `few` (1 to 4) or `hidden`; people are counted by one thing at a time.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection

from instruments.models import Technique
from portal.pages.impact.hiding import Key, Sum, suppressed
from portal.pages.impact.regions import REGION_NAMES, REGION_OF
from portal.pages.impact.sql import CELLS, PERSONS, TOLD

ALL = "*"
EVERYTHING = f"{ALL}/{ALL}/{ALL}"
GENDERS = ("woman", "man", "other", "unsaid")
STAGES = ("student", "doctoral", "postdoctoral", "junior", "senior", "technical", "other", "unsaid")
COLUMNS = {"gender": tuple(f"gender:{name}" for name in GENDERS), "stage": tuple(f"stage:{name}" for name in STAGES)}
MEASURES = (
    *("minutes", "sessions", "bookings", "countries", "structures"),
    *("publications", "theses", "gifts", "gifts_in_use"),
)
PEOPLE = ("researchers", "trained", "told")

Cells = dict[str, dict[str, int]]
Groups = dict[str, dict[str, int]]


def end_of(day: date) -> datetime:
    """The midnight (UTC) with which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def key_of(year: Any = None, place: str | None = None, technique: str | None = None) -> str:
    return "/".join(ALL if part in (None, "") else str(part) for part in (year, place, technique))


def count(until: date) -> dict[str, Any]:
    """The figures up to the end of a day (UTC); the same rows give the same figures."""
    asked = {"until": end_of(until), "countries": list(REGION_OF), "regions": list(REGION_OF.values())}
    return {"cells": _cells(asked), "people": dict(_people(asked))}


def _cells(asked: dict[str, Any]) -> Cells:
    cells: Cells = {}
    for statement in CELLS:
        for row in _rows(statement, asked):
            key = _key(row.pop("year"), row.pop("place"), row.pop("technique"))
            cell = cells.setdefault(key, {})
            cell |= {measure: int(number) for measure, number in row.items() if number}
    _count_countries(cells)
    return {key: cells[key] for key in sorted(cells) if cells[key]}


def _count_countries(cells: Cells) -> None:
    """How many countries were reached, by hours or by a gift, in every cell that is no country's."""
    for key, cell in list(cells.items()):
        year, place, technique = key.split("/")
        if place in REGION_OF and (cell.get("bookings") or cell.get("gifts")):
            for wider in (ALL, REGION_OF[place]):
                above = cells[f"{year}/{wider}/{technique}"]
                above["countries"] = above.get("countries", 0) + 1


def _people(asked: dict[str, Any]) -> Iterator[tuple[str, dict[str, dict[str, int | str]]]]:
    """(measure, what may be shown of each group)."""
    parents = dict(Technique.objects.values_list("slug", "parent__slug"))
    for measure, statement in PERSONS.items():
        yield measure, _shown(_groups(statement, asked), parents, tuple(COLUMNS.values()))
    yield "told", _shown(_told(asked), parents, (("gender:woman", "gender:rest"),))


def _groups(statement: str, asked: dict[str, Any]) -> Groups:
    groups: Groups = {}
    for row in _rows(statement, asked):
        column = f"gender:{row['gender']}" if row["gender"] else f"stage:{row['stage']}" if row["stage"] else "all"
        groups.setdefault(_key(row["year"], row["place"], row["technique"]), {})[column] = row["count"]
    return groups


def _told(asked: dict[str, Any]) -> Groups:
    """Of those whom holders say they trained it is known how many were women, not what the others were."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD, asked)
        return {
            _key(year, place, technique): {
                "all": int(all_),
                "gender:woman": int(women),
                "gender:rest": int(all_ - women),
            }
            for year, place, technique, all_, women in cursor.fetchall()
            if all_ is not None
        }


def _shown(
    groups: Groups, parents: Mapping[str, str | None], apart: tuple[tuple[str, ...], ...]
) -> dict[str, dict[str, int | str]]:
    """Countries tell how many people, and no more of them; other groups fall apart in the ways of `apart`."""
    counts: dict[Key, int] = {}
    families: list[Sum] = []
    for key, columns in groups.items():
        counts[key, "all"] = columns["all"]
        if key.split("/")[1] in REGION_OF:
            continue
        for names in apart:
            counts |= {(key, name): columns.get(name, 0) for name in names}
            families.append(((key, "all"), [(key, name) for name in names]))
    answer: dict[str, dict[str, int | str]] = {}
    for (key, column), number in sorted(suppressed(counts, list(_sums(counts, parents)), families).items()):
        if number:
            answer.setdefault(key, {})[column] = number
    return answer


def _sums(counts: dict[Key, int], parents: Mapping[str, str | None]) -> Iterator[Sum]:
    """Every sum that somebody could do with the tables."""
    keys = sorted({key for key, _column in counts})
    columns = sorted({column for _key, column in counts})
    for key in keys:
        for part in ("gender:", "stage:"):
            yield (key, "all"), [(key, column) for column in columns if column.startswith(part)]
    for total, parts in _wholes(keys, parents):
        for column in columns:
            yield (total, column), [(part, column) for part in parts]


def _wholes(keys: list[str], parents: Mapping[str, str | None]) -> Iterator[tuple[str, list[str]]]:
    """(group, those it falls apart into): into years, into regions, these into countries, into techniques and so on."""
    split = {key: key.split("/") for key in keys}
    yield EVERYTHING, [key for key, (year, _place, _technique) in split.items() if year != ALL]
    known = {key: place for key, (_year, place, _technique) in split.items() if place != ALL}
    yield EVERYTHING, [key for key, place in known.items() if place in REGION_NAMES or not place]
    for region in REGION_NAMES:
        yield key_of(place=region), [key for key, place in known.items() if REGION_OF.get(place) == region]
    taught = {key: technique for key, (_year, _place, technique) in split.items() if technique != ALL}
    yield EVERYTHING, [key for key, technique in taught.items() if parents.get(technique) is None]
    for parent in {parents.get(technique) for technique in taught.values()} - {None}:
        yield key_of(technique=parent), [key for key, technique in taught.items() if parents.get(technique) == parent]


def _key(year: Any, place: str | None, technique: str | None) -> str:
    """Of a row of a statement: None is all; the place '' is one that is not known, and stays apart."""
    return "/".join(ALL if part is None else str(part) for part in (year, place, technique))


def _rows(statement: str, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        names = [column.name for column in cursor.description]
        yield from (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
