"""The matcher as a whole, without a database: what must hold for any needs and offers."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from donations.matching.block import Block
from donations.matching.find import find_among
from donations.matching.judged import Judged
from donations.matching.words import in_words, lacks_in_words
from tests.donations.matching.facts import TODAY, facts, need, offer

wanted = st.builds(
    dict,
    category=st.sampled_from([1, 2]),
    left=st.integers(1, 3),
    country=st.sampled_from(["TG", "KE", "FR"]),
    people=st.integers(0, 400),
    voltage=st.sampled_from([110, 230, None]),
    has_transformer=st.booleans(),
    accepts_used=st.booleans(),
    most_kg=st.sampled_from([None, 20, 60]),
    musts=st.sampled_from([{}, {"speed_rpm": (4000, None)}]),
    nice=st.sampled_from([{}, {"cooled": (None, None), "speed_rpm": (None, 9000)}]),
).filter(lambda one: not set(one["musts"]) & set(one["nice"]))
offered = st.builds(
    dict,
    category=st.sampled_from([1, 2, 3]),
    left=st.integers(1, 4),
    country=st.sampled_from(["FR", "US", ""]),
    low=st.sampled_from([110, 220, None]),
    high=st.just(240),
    condition=st.sampled_from(["new", "good", "faulty"]),
    kg=st.sampled_from([5.0, 40.0, None]),
    countries=st.sampled_from([[], ["TG"]]),
    features=st.sampled_from([{}, {"speed_rpm": 6000.0}, {"speed_rpm": 3000.0, "cooled": None}]),
)
worlds = st.tuples(st.lists(wanted, max_size=6), st.lists(offered, max_size=6))


def world(told):
    return facts([need(**one) for one in told[0]], [offer(**one) for one in told[1]])


def keys(found):
    return {(line["need"], line["offer"]) for line in found.pairs}


@settings(max_examples=60)
@given(worlds)
def test_hard_conditions_are_never_broken_and_numbers_are_kept(told):
    before = world(told)
    found = find_among(before)
    needs, offers = {one.pk: one for one in before.needs}, {one.pk: one for one in before.offers}
    for line in found.pairs:
        one = facts([needs[line["need"]]], [offers[line["offer"]]])
        assert Judged(Block(one)).verdict(0, 0).lacks == []
    assert len(keys(found)) == len(found.pairs)
    for side, rows in (("need", needs), ("offer", offers)):
        for pk, row in rows.items():
            assert sum(line["quantity"] for line in found.pairs if line[side] == pk) <= row.left


@settings(max_examples=40)
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(told, random):
    before = world(told)
    needs, offers = list(before.needs), list(before.offers)
    random.shuffle(needs)
    random.shuffle(offers)
    assert find_among(replace(before, needs=needs, offers=offers)) == find_among(before)


@settings(max_examples=40)
@given(worlds)
def test_what_was_put_together_last_time_stays_together(told):
    """Of single pieces, where it is a theorem."""
    before = world(tuple([one | {"left": 1} for one in side] for side in told))
    first = find_among(before)
    again = find_among(replace(before, last=frozenset(keys(first))))
    assert [(line["need"], line["offer"], line["quantity"]) for line in again.pairs] == [
        (line["need"], line["offer"], line["quantity"]) for line in first.pairs
    ]


@settings(max_examples=30)
@given(worlds)
def test_everything_found_can_be_said(told):
    found = find_among(world(told))
    for line in found.pairs + found.near:
        assert len(in_words(line["reasons"])) == len(line["reasons"])
        assert 0 <= line["score"] <= 1000
        assert all(0 <= value <= 1000 for value in line["parts"].values())
    for line in found.near:
        assert len(lacks_in_words(line["lacks"])) == len(line["lacks"]) > 0


def test_pieces_are_split_over_needs_and_offers():
    one, two = need(left=3, people=300), need(left=2, people=10)
    first, second = offer(left=4), offer(left=1)
    found = find_among(facts([one, two], [first, second]))
    assert sum(line["quantity"] for line in found.pairs) == 5
    assert {line["need"] for line in found.pairs} == {one.pk, two.pk}
    assert {line["offer"] for line in found.pairs} == {first.pk, second.pk}


def test_two_needs_are_served_where_the_greedy_choice_would_serve_one():
    anywhere = need(people=400, women=200)
    only_small = need(people=20, women=10, most_kg=20)
    small, large = offer(kg=5.0), offer(kg=60.0)
    found = find_among(facts([anywhere, only_small], [small, large]))
    assert keys(found) == {(anywhere.pk, large.pk), (only_small.pk, small.pk)}


def test_a_slightly_better_offer_does_not_part_a_pair_and_a_much_better_one_does():
    wants, before = need(), offer(year=2020)
    last = frozenset([(wants.pk, before.pk)])
    slightly = offer(year=2021)
    assert keys(find_among(facts([wants], [before, slightly], last=last))) == last
    much = offer(year=2027, condition="new")
    assert keys(find_among(facts([wants], [before, much], last=last))) == {(wants.pk, much.pk)}


def test_a_pair_that_a_match_holds_is_not_found_again():
    wants, gives = need(left=2), offer(left=2)
    assert not find_among(facts([wants], [gives], joined=frozenset([(wants.pk, gives.pk)]))).pairs


def test_near_misses_are_the_nearest_three_of_a_need_that_gets_nothing():
    served, left_out = need(), need(voltage=110)
    offers = [offer(year=year) for year in (2020, 2021, 2022, 2023)] + [offer(countries=["KE"], year=2027)]
    found = find_among(facts([served, left_out], offers))
    assert keys(found) == {(served.pk, offers[3].pk)}
    assert [(line["need"], line["offer"]) for line in found.near] == [
        (left_out.pk, one.pk) for one in (offers[3], offers[2], offers[1])
    ]
    assert found.near[0]["lacks"] == [["voltage", {"volts": 110, "low": 220, "high": 240}]]


def test_what_is_far_off_or_hopeless_is_no_near_miss():
    far = offer(countries=["KE"], is_loan=True, is_cleared=False)
    own = offer(person=7)
    assert find_among(facts([need(person=7, accepts_loan=False)], [far, own])).near == []


def test_one_and_the_same_day_gives_one_and_the_same_answer():
    before = facts([need(), need(left=2)], [offer(left=2), offer()])
    assert find_among(before) == find_among(before)
    assert before.day == TODAY
