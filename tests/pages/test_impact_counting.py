"""The figures of impact against a plain recount, and what may be shown of people against somebody who does sums."""

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.enums import BookingState
from bookings.models import Booking, Outcome, Session
from instruments.enums import PlaceState, TrainingResult, TrainingState
from instruments.models import Instrument, Technique
from portal.pages.impact.counting import EVERYTHING, REGION_OF, _groups, count, end_of, key_of
from portal.pages.impact.headline import headline
from portal.pages.impact.hiding import FEW, HIDDEN, suppressed
from portal.pages.impact.keeping import keep, keep_up
from portal.pages.impact.narrowing import narrowed
from portal.pages.impact.sql import PERSONS
from portal.pages.models import Figures
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.donations import AcceptedMatchFactory, FollowUpFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.trainings import TrainingFactory, TrainingPlaceFactory
from tests.support.recount import recount, unlike

UNTIL = date(2026, 6, 30)
KENYA, SENEGAL, FRANCE = "KE", "SN", "FR"


@pytest.fixture
def tree(db: None) -> dict[str, Technique]:
    root = TechniqueFactory(slug="diffraction", path="diffraction")
    twigs = [TechniqueFactory(slug=slug, path=f"diffraction/{slug}", parent=root) for slug in ("single", "powder")]
    return {row.slug: row for row in (root, *twigs, TechniqueFactory(slug="microscopy", path="microscopy"))}


def instrument_of(*techniques: Technique) -> Instrument:
    row = InstrumentFactory()
    row.techniques.set(techniques)
    return row


def done(start: datetime, *, country: str = KENYA, instrument: Instrument | None = None, **options: Any) -> Booking:
    """A completed booking whose session was open from its start to its end, unless `closed_after` minutes say less."""
    award = AwardFactory(organisation__country=country, instrument=instrument or InstrumentFactory())
    closed = options.pop("closed_after", options.get("minutes", 120))
    booking = BookingFactory(award=award, start=start, state=BookingState.COMPLETED, **options)
    times = {"starts_at": booking.start, "ends_at": booking.end, "opened_at": booking.start}
    Session.objects.create(booking=booking, state="ended", closed_at=booking.start + timedelta(minutes=closed), **times)
    return booking


def report(country: str, **told: Any) -> Outcome:
    award = AwardFactory(organisation__country=country, instrument=told.pop("instrument", None) or InstrumentFactory())
    told.setdefault("reported_at", datetime(2026, 3, 1, tzinfo=UTC))
    return Outcome.objects.create(award=award, summary="Solved", **told)


# --- What is counted -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_counts_as_nothing() -> None:
    assert count(UNTIL) == {"cells": {}, "people": {"researchers": {}, "trained": {}, "told": {}}}
    assert not headline()


def test_hours_stand_under_year_place_and_every_technique_above(tree: dict[str, Technique]) -> None:
    both = instrument_of(tree["single"], tree["powder"])
    done(datetime(2025, 12, 31, 22, tzinfo=UTC), instrument=both)  # ends with the year
    done(datetime(2026, 5, 4, 10, tzinfo=UTC), country=SENEGAL, instrument=both, minutes=240, closed_after=60)
    cells = count(UNTIL)["cells"]
    assert cells[EVERYTHING] == {"bookings": 2, "sessions": 2, "minutes": 180, "countries": 2}
    assert cells[key_of(2025)] == cells[key_of(2025, "014")] == {**cells[key_of(2025, KENYA)], "countries": 1}
    assert cells[key_of(2026, SENEGAL, "powder")]["minutes"] == 60
    for technique in ("single", "powder", "diffraction"):
        assert cells[key_of(technique=technique)] == cells[EVERYTHING]
    assert not any("microscopy" in key for key in cells)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in BookingState if state != BookingState.COMPLETED])
def test_only_what_was_completed_counts(state: BookingState) -> None:
    held_until = timezone.now() if state == BookingState.HELD else None
    BookingFactory(start=datetime(2026, 5, 4, 10, tzinfo=UTC), state=state, held_until=held_until)
    assert count(UNTIL)["cells"] == {}


@pytest.mark.django_db
def test_the_last_minute_of_the_day_counts_and_no_later_one() -> None:
    done(datetime(2026, 6, 30, 22, tzinfo=UTC))
    done(datetime(2026, 6, 30, 22, 1, tzinfo=UTC))
    report(KENYA, theses=1, reported_at=end_of(UNTIL) - timedelta(seconds=1))
    report(KENYA, theses=7, reported_at=end_of(UNTIL))
    cell = count(UNTIL)["cells"][EVERYTHING]
    assert (cell["bookings"], cell["theses"]) == (1, 1)


@pytest.mark.django_db
def test_a_publication_of_two_awards_is_one() -> None:
    report(KENYA, dois=["10.5555/ABC", "10.5555/x"], structures_solved=2)
    report(SENEGAL, dois=["10.5555/abc"], structures_solved=3)
    cells = count(UNTIL)["cells"]
    assert [cells[key_of(place=place)]["publications"] for place in (None, KENYA, SENEGAL)] == [2, 2, 1]
    assert cells[EVERYTHING]["structures"] == 5


def test_people_whom_holders_trained_count_once_whatever_the_techniques(tree: dict[str, Technique]) -> None:
    report(KENYA, people_trained=20, women_trained=8, instrument=instrument_of(tree["single"], tree["microscopy"]))
    told = count(UNTIL)["people"]["told"]
    for key in (EVERYTHING, key_of(2026), key_of(place="014"), key_of(technique="diffraction")):
        assert told[key] == {"all": 20, "gender:woman": 8, "gender:rest": 12}
    assert told[key_of(place=KENYA)] == {"all": 20}


@pytest.mark.django_db
def test_a_gift_is_in_use_by_the_last_word_before_the_day() -> None:
    arrived = datetime(2026, 1, 5, tzinfo=UTC)
    match = AcceptedMatchFactory(state="completed", completed_at=arrived, need__organisation__country=KENYA)
    AcceptedMatchFactory(state="completed", completed_at=end_of(UNTIL), need__organisation__country=KENYA)
    said = [(3, "waiting", date(2026, 4, 5)), (6, "daily", date(2026, 6, 5)), (12, "gone", date(2026, 12, 30))]
    for months, in_use, day in said:
        FollowUpFactory(match=match, months=months, in_use=in_use, state="answered", answered_at=end_of(day))
    assert count(UNTIL)["cells"][EVERYTHING] == {"gifts": 1, "gifts_in_use": 1, "countries": 1}
    assert "gifts_in_use" not in count(date(2026, 4, 30))["cells"][EVERYTHING]


def test_people_who_stayed_to_the_end_were_trained(tree: dict[str, Technique]) -> None:
    over = datetime(2026, 2, 3, tzinfo=UTC)
    training = TrainingFactory(
        instrument=instrument_of(tree["single"]), starts_at=over, state=TrainingState.CLOSED, capacity=20
    )
    for number in range(6):
        user = UserFactory(country=KENYA, gender="woman")
        TrainingPlaceFactory(
            training=training, user=user, state=PlaceState.GIVEN, result=["passed", "failed"][number % 2]
        )
    TrainingPlaceFactory(training=training, state=PlaceState.GIVEN, result=TrainingResult.ABSENT)
    trained = count(UNTIL)["people"]["trained"]
    assert trained[EVERYTHING]["all"] == trained[EVERYTHING]["gender:woman"] == 6
    assert trained[key_of(place=KENYA)] == {"all": 6}
    assert trained[key_of(technique="diffraction")]["all"] == 6


# --- Against a plain recount -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_figures_equal_a_plain_recount_of_bulk_data() -> None:
    call_command("bulk_data", bookings=1500, interests=0, force=True, verbosity=0)
    today = timezone.now().astimezone(UTC).date()
    for until in (today, today - timedelta(days=400)):
        plain = recount(until)
        assert plain
        assert unlike(count(until), plain) == []
        asked = {"until": end_of(until), "countries": list(REGION_OF), "regions": list(REGION_OF.values())}
        groups = _groups(PERSONS["researchers"], asked)
        assert groups
        assert {key: columns["all"] for key, columns in groups.items()} == {
            key: plain[key]["researchers"] for key in groups
        }
        for columns in groups.values():
            assert sum(n for name, n in columns.items() if name.startswith("gender:")) == columns["all"]


@pytest.mark.django_db
def test_counting_a_day_again_gives_the_same_whatever_came_later() -> None:
    done(datetime(2026, 5, 4, 10, tzinfo=UTC))
    first = count(UNTIL)
    done(datetime(2026, 7, 1, 10, tzinfo=UTC))
    report(KENYA, theses=1, reported_at=datetime(2026, 7, 2, tzinfo=UTC))
    assert count(UNTIL) == first


# --- Small groups of people ------------------------------------------------------------------------------


def possible(counts: dict[Any, int], sums: list[Any], shown: dict[Any, Any], most: int) -> dict[Any, set[int]]:
    """What each hidden count could be for somebody who knows the rules, by trying everything."""
    hidden = [key for key in counts if isinstance(shown[key], str)]
    could: dict[Any, set[int]] = {key: set() for key in hidden}
    ranges = [range(1, 5) if shown[key] == FEW else range(1, most + 1) for key in hidden]
    for guess in itertools.product(*ranges):
        world = {**shown, **dict(zip(hidden, guess, strict=True))}
        if all(world[total] == sum(world[part] for part in parts) for total, parts in sums):
            for key, number in zip(hidden, guess, strict=True):
                could[key].add(number)
    return could


def by_gender_and_region(numbers: list[list[int]]) -> tuple[dict[Any, int], list[Any]]:
    """Counts of a table with its margins, and the sums of its rows and columns."""
    rows, columns = range(len(numbers)), range(len(numbers[0]))
    counts = {(str(r), str(c)): numbers[r][c] for r in rows for c in columns}
    counts |= {(str(r), "all"): sum(numbers[r]) for r in rows}
    counts |= {("*", str(c)): sum(numbers[r][c] for r in rows) for c in columns}
    counts["*", "all"] = sum(map(sum, numbers))
    sums = [((str(r), "all"), [(str(r), str(c)) for c in columns]) for r in rows]
    sums += [(("*", str(c)), [(str(r), str(c)) for r in rows]) for c in columns]
    sums += [(("*", "all"), [("*", str(c)) for c in columns]), (("*", "all"), [(str(r), "all") for r in rows])]
    return counts, sums


@pytest.mark.parametrize(("women", "men"), [(1, 30), (4, 5), (1, 1), (3, 0), (5, 6), (2, 3), (0, 9), (4, 35)])
def test_a_small_part_is_not_shown_and_not_the_difference(women: int, men: int) -> None:
    counts = {("a", "w"): women, ("a", "m"): men, ("a", "all"): women + men}
    sums = [(("a", "all"), [("a", "w"), ("a", "m")])]
    shown = suppressed(counts, sums)
    assert not any(isinstance(number, int) and 0 < number < 5 for number in shown.values())
    for key, could in possible(counts, sums, shown, 40).items():
        assert len(could) > 1, (key, shown)


def test_large_groups_are_shown_as_they_are() -> None:
    counts, sums = by_gender_and_region([[12, 9], [30, 5]])
    assert suppressed(counts, sums) == counts


@pytest.mark.parametrize("seed", range(40))
def test_nobody_who_adds_and_subtracts_learns_a_small_count(seed: int) -> None:
    drawn = random.Random(seed)
    numbers = [[drawn.choice([0, 1, 2, 3, 4, 5, 6, 9]) for _column in range(2)] for _row in range(2)]
    counts, sums = by_gender_and_region(numbers)
    shown = suppressed(counts, sums)
    assert all(shown[key] == number or isinstance(shown[key], str) for key, number in counts.items())
    noughts = {key for key, number in counts.items() if not number}
    assert {key for key in shown if shown[key] == 0} == noughts
    hidden = [key for key in counts if isinstance(shown[key], str)]
    for total, parts in sums:
        unknown = [key for key in (total, *parts) if key in hidden]
        assert len(unknown) != 1, (numbers, shown)
        few = [key for key in parts if shown[key] == FEW]
        if few and total not in hidden:
            line = [key for key in parts if key in hidden]
            could = possible({key: counts[key] for key in line}, [(total, parts)], shown, 20)
            assert all(could[key] == {1, 2, 3, 4} for key in few), (numbers, shown)


def test_nothing_is_said_of_how_a_small_group_falls_apart() -> None:
    """Three stages, none of them nought, in a group of fewer than 5, and two in another, of five in all."""
    stages = "abcd"
    people = {"014": "abc", "011": "bd", "*": "abcbd"}
    counts = {(place, stage): those.count(stage) for place, those in people.items() for stage in stages}
    counts |= {(place, "all"): len(those) for place, those in people.items()}
    families: list[Any] = [((place, "all"), [(place, stage) for stage in stages]) for place in people]
    sums = families + [(("*", column), [("014", column), ("011", column)]) for column in ("all", *stages)]
    shown = suppressed(counts, sums, families)
    assert (shown["*", "all"], shown["014", "all"], shown["011", "all"]) == (5, FEW, FEW)
    assert {shown[place, stage] for place in people for stage in stages} == {HIDDEN}


# What the last five draw is safe sum by sum and not together.
@pytest.mark.parametrize("seed", [*range(20), 117, 128, 217, 292, 411])
def test_all_that_is_shown_together_leaves_every_small_count_open(seed: int) -> None:
    drawn = random.Random(seed)
    rows, columns = "123", "abc"
    people = {row: "".join(drawn.choices(columns, k=drawn.choice([0, 1, 2, 3, 5, 7]))) for row in rows}
    people["*"] = "".join(people.values())
    counts = {(row, column): those.count(column) for row, those in people.items() for column in columns}
    counts |= {(row, "all"): len(those) for row, those in people.items()}
    families: list[Any] = [((row, "all"), [(row, column) for column in columns]) for row in people if people[row]]
    sums = families + [(("*", column), [(row, column) for row in rows]) for column in ("all", *columns)]
    shown = suppressed(counts, sums, families)
    for (row, column), number in counts.items():
        assert not (isinstance(shown[row, column], int) and 0 < number < 5)
        if 0 < counts[row, "all"] < 5 and column != "all":
            assert shown[row, column] == HIDDEN
    untold = {key for _total, parts in families for key in parts if {shown[one] for one in parts} == {HIDDEN}}
    lines = [(total, [key for key in parts if counts[key] or key in untold]) for total, parts in sums if counts[total]]
    assert narrowed(counts, shown, lines, untold) == []


@pytest.mark.django_db
def test_few_researchers_of_a_country_are_few_and_their_gender_is_not_told() -> None:
    for country, people in ((KENYA, 7), (SENEGAL, 6), (FRANCE, 2)):
        organisation = OrganisationFactory(country=country)
        for number in range(people):
            holder = UserFactory(gender="woman" if number else "man", career_stage="doctoral")
            award = AwardFactory(organisation=organisation, holder=holder)
            BookingFactory(award=award, start=datetime(2026, 5, 4, 10, tzinfo=UTC), state=BookingState.COMPLETED)
    people = count(UNTIL)["people"]["researchers"]
    assert people[EVERYTHING]["all"] == 15
    assert people[key_of(place=FRANCE)] == {"all": FEW}
    assert HIDDEN in (people[key_of(place=KENYA)]["all"], people[key_of(place=SENEGAL)]["all"])
    assert people[EVERYTHING]["gender:man"] == FEW
    assert people[EVERYTHING]["gender:woman"] == HIDDEN
    assert "gender:man" not in people[key_of(place=KENYA)]


# --- Keeping them ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_today_is_counted_anew_and_months_that_are_over_are_kept() -> None:
    done(datetime(2026, 5, 4, 10, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), tick=False):
        keep_up()
        assert set(Figures.objects.values_list("until", flat=True)) == {date(2026, 5, 31), UNTIL}
    done(datetime(2026, 6, 30, 21, 35, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 7, 1, 0, 30, tzinfo=UTC), tick=False):
        keep_up()
        keep_up()
    days = dict(Figures.objects.values_list("until", "figures__cells"))
    assert sorted(days) == [date(2026, 5, 31), UNTIL, date(2026, 7, 1)]
    assert [days[day][EVERYTHING]["bookings"] for day in sorted(days)] == [1, 2, 2]
    with time_machine.travel(datetime(2026, 7, 2, 0, 30, tzinfo=UTC), tick=False):
        keep_up()
    assert not Figures.objects.filter(until=date(2026, 7, 1)).exists()


@pytest.mark.django_db
def test_the_command_counts_any_past_day_and_says_what_differs() -> None:
    said = StringIO()
    call_command("count_figures", "--until", "2026-05-31", "--until", "2026-06-30", stdout=said)
    assert "other figures" not in said.getvalue()
    done(datetime(2026, 5, 4, 10, tzinfo=UTC))
    call_command("count_figures", "--until", "2026-05-31", stdout=said)
    assert "Counted up to 2026-05-31: it was kept with other figures." in said.getvalue()
    for typed in ("tomorrow", "2999-01-01"):
        with pytest.raises(CommandError, match=typed):
            call_command("count_figures", "--until", typed)


@pytest.mark.django_db
def test_the_headline_names_what_is_not_nought(django_assert_num_queries: Any) -> None:
    done(datetime(2026, 5, 4, 10, tzinfo=UTC), minutes=180)
    keep(UNTIL)
    with django_assert_num_queries(1):
        found = headline()
    assert [(number, str(words)) for number, words in found.lines] == [
        (3, "hours delivered"),
        (1, "sessions held"),
        (1, "countries reached"),
    ]
    assert found.until == UNTIL
