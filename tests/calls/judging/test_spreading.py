"""Spreading evenly, for any panel, any number wanted, any conflicts."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from calls.spreading import spread

people = st.integers(1, 8)


@st.composite
def questions(draw, conflicts=True, busy=True):
    """Applications 1..n with what they lack, reviewers 101.. with their loads, and who is barred from what."""
    panel = [100 + number for number in range(1, draw(people) + 1)]
    applications = range(1, draw(st.integers(0, 25)) + 1)
    lacking = {application: draw(st.integers(0, 4)) for application in applications}
    some = st.sets(st.sampled_from(panel), max_size=len(panel)) if conflicts else st.just(set())
    barred = {application: draw(some) for application in applications}
    loads = {person: draw(st.integers(0, 3)) if busy else 0 for person in panel}
    return lacking, barred, loads


def loads_after(pairs, loads):
    return Counter(loads) + Counter(person for _application, person in pairs)


@given(questions())
@settings(deadline=None)
def test_each_application_gets_as_many_as_want_it_and_may(question):
    lacking, barred, loads = question
    pairs = spread(lacking, barred, loads)
    assert len(pairs) == len(set(pairs))
    assert all(person not in barred[application] for application, person in pairs)
    got = Counter(application for application, _person in pairs)
    for application, number in lacking.items():
        assert got[application] == min(number, len(loads) - len(barred[application]))


@given(questions(conflicts=False, busy=False))
@settings(deadline=None)
def test_without_conflicts_numbers_differ_by_at_most_one(question):
    lacking, barred, loads = question
    after = loads_after(spread(lacking, barred, loads), loads)
    numbers = [after[person] for person in loads]
    assert max(numbers) - min(numbers) <= 1


@given(questions())
@settings(deadline=None)
def test_nobody_could_hand_anything_on_to_somebody_with_two_less(question):
    lacking, barred, loads = question
    pairs = set(spread(lacking, barred, loads))
    after = loads_after(pairs, loads)
    for application, person in pairs:
        for other in loads:
            if other not in barred[application] and (application, other) not in pairs:
                assert after[person] - after[other] <= 1


@given(questions())
@settings(deadline=None)
def test_the_same_question_has_the_same_answer_and_a_second_asking_adds_nothing(question):
    lacking, barred, loads = question
    pairs = spread(lacking, barred, loads)
    shuffled = dict(reversed(list(loads.items())))
    assert spread(dict(reversed(list(lacking.items()))), barred, shuffled) == pairs
    got = Counter(application for application, _person in pairs)
    rest = {application: number - got[application] for application, number in lacking.items()}
    closed = {
        application: barred[application] | {who for one, who in pairs if one == application} for application in rest
    }
    assert spread(rest, closed, loads_after(pairs, loads)) == []


def test_a_chain_of_three_levels_what_no_single_move_can():
    lacking = {1: 1, 2: 1, 3: 1, 4: 1}
    barred = {1: {103}, 2: {103}, 3: {101}, 4: {103}}
    after = loads_after(spread(lacking, barred, {101: 0, 102: 0, 103: 0}), {})
    assert sorted(after.values()) == [1, 1, 2]


def test_two_thousand_applications_are_spread_at_once():
    panel = dict.fromkeys(range(30), 0)
    barred = {application: {application % 30, application % 7} for application in range(2000)}
    after = loads_after(spread(dict.fromkeys(range(2000), 3), barred, panel), panel)
    assert sum(after.values()) == 6000
    assert max(after.values()) - min(after.values()) <= 1
