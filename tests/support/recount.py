"""The figures of impact once more, row by row and without a thought of speed: what the statements must equal."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bookings.models import Booking, Outcome
from donations.models import FollowUp, Match
from instruments.models import Instrument, Technique, TrainingPlace
from portal.pages.impact.counting import REGION_OF, end_of, key_of
from portal.pages.impact.hiding import FEW, HIDDEN, LEAST


def keys(year: int, country: str, techniques: set[str]) -> Iterator[str]:
    """Of every group that a fact belongs to."""
    for parts in itertools.product((None, year), (None, country, REGION_OF[country]), (None, *techniques)):
        yield key_of(*parts)


def above(*techniques: Technique | None) -> set[str]:
    return {part for row in techniques if row for part in row.path.split("/")}


def taught_on(instrument: Instrument | None) -> set[str]:
    return above(*instrument.techniques.all()) if instrument else set()


def year_of(moment: datetime) -> int:
    return moment.astimezone(UTC).year


def recount(until: date) -> dict[str, dict[str, int]]:
    """key -> measure -> number, without noughts. People are whole numbers here: nothing is hidden."""
    seen: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(set))
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    _bookings(end_of(until), sums, seen)
    _outcomes(end_of(until), sums, seen)
    _gifts(end_of(until), sums, seen)
    _trainings(end_of(until), seen)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for key in {*sums, *seen}:
        numbers = {name: int(number) for name, number in sums[key].items()}
        numbers |= {name: len(things) for name, things in seen[key].items()}
        found[key] = {name: number for name, number in numbers.items() if number}
        if key.split("/")[1] in REGION_OF:
            found[key].pop("countries", None)
    return {key: numbers for key, numbers in found.items() if numbers}


def _bookings(until: datetime, sums: Any, seen: Any) -> None:
    rows = Booking.objects.filter(state="completed").select_related("organisation", "award", "session", "instrument")
    for booking in rows.prefetch_related("participants", "instrument__techniques"):
        if booking.end > until:
            continue
        session = getattr(booking, "session", None)
        opened = session.opened_at if session and session.opened_at else booking.start
        closed = session.closed_at if session and session.closed_at else booking.end
        worked = min(max(closed, opened), booking.end) - max(opened, booking.start)
        country, year = booking.organisation.country.code, year_of(booking.end - timedelta(microseconds=1))
        for key in keys(year, country, taught_on(booking.instrument)):
            sums[key]["bookings"] += 1
            sums[key]["minutes"] += max(worked.total_seconds(), 0) / 60
            sums[key]["sessions"] += bool(session and session.state == "ended")
            seen[key]["countries"].add(country)
            seen[key]["researchers"] |= {booking.award.holder_id, *(user.pk for user in booking.participants.all())}


def _outcomes(until: datetime, sums: Any, seen: Any) -> None:
    for outcome in Outcome.objects.filter(reported_at__lt=until).select_related("award__organisation"):
        award = outcome.award
        year, country = year_of(outcome.reported_at), award.organisation.country.code
        for key in keys(year, country, taught_on(award.instrument)):
            sums[key]["structures"] += outcome.structures_solved
            sums[key]["theses"] += outcome.theses
            sums[key]["told"] += outcome.people_trained
            seen[key]["publications"] |= {doi.lower() for doi in outcome.dois}


def _gifts(until: datetime, sums: Any, seen: Any) -> None:
    for match in Match.objects.filter(state="completed", completed_at__lt=until).select_related("need__organisation"):
        assert match.completed_at
        said = FollowUp.objects.filter(match=match, state="answered", answered_at__lt=until).order_by("months").last()
        country = match.need.organisation.country.code
        for key in keys(year_of(match.completed_at), country, set()):
            sums[key]["gifts"] += 1
            sums[key]["gifts_in_use"] += bool(said and said.is_used)
            seen[key]["countries"].add(country)


def _trainings(until: datetime, seen: Any) -> None:
    places = TrainingPlace.objects.filter(state="given", result__in=["passed", "failed"], training__state="closed")
    for place in places.filter(training__ends_at__lt=until).select_related("training", "user"):
        training = place.training
        learned = taught_on(training.instrument) if training.instrument else above(training.technique)
        for key in keys(year_of(training.ends_at), place.user.country.code, learned):
            seen[key]["trained"].add(place.user_id)


def unlike(figures: dict[str, Any], plain: dict[str, dict[str, int]]) -> list[Any]:
    """(key, measure, counted, recounted) where figures and a recount differ, people where they are shown."""
    cells, people = figures["cells"], figures["people"]
    found: list[Any] = []
    for key in {*cells, *plain}:
        numbers = {name: n for name, n in plain.get(key, {}).items() if name not in people}
        if cells.get(key, {}) != numbers:
            found.append((key, cells.get(key), numbers))
    for measure, groups in people.items():
        for key, columns in groups.items():
            number = plain[key][measure]
            if columns.get("all") != number and not (columns.get("all") == FEW and number < LEAST):
                found.append((key, measure, columns.get("all"), number))
    return [entry for entry in found if HIDDEN not in entry]
