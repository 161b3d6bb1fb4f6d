"""Every hard condition: kept, broken, and said with what would mend it."""

from datetime import timedelta

import pytest

from donations.matching.block import Block
from donations.matching.judged import Judged
from donations.matching.lack_words import LACKS
from donations.matching.words import lacks_in_words
from tests.donations.matching.facts import TODAY, facts, need, offer

YESTERDAY = TODAY - timedelta(days=1)
SPEED = {"speed_rpm": (4000, None)}
CASES = [
    # need, offer, the one code that breaks
    ({"category": 2}, {}, "category"),
    ({"musts": SPEED}, {}, "not_said"),
    ({"musts": SPEED}, {"features": {"speed_rpm": None}}, "not_said"),
    ({"musts": SPEED}, {"features": {"speed_rpm": 3999.0}}, "too_little"),
    ({"musts": {"tube_ml": (None, 50)}}, {"features": {"tube_ml": 50.5}}, "too_much"),
    ({"musts": {"cooled": (None, None)}}, {}, "not_said"),
    ({"voltage": None}, {}, "mains_of_need"),
    ({"frequency": None}, {}, "mains_of_need"),
    ({}, {"low": None, "high": None}, "mains_of_offer"),
    ({}, {"frequencies": []}, "mains_of_offer"),
    ({"voltage": 110}, {}, "voltage"),
    ({"voltage": 230}, {"low": 100, "high": 120}, "voltage"),
    ({"frequency": 60}, {"frequencies": [50]}, "frequency"),
    ({"has_transformer": True, "frequency": 60}, {"frequencies": [50]}, "frequency"),
    ({"door_width": 80}, {"lengths": []}, "size_not_said"),
    ({"door_width": 80, "door_height": 200}, {"lengths": [81, 90, 100]}, "door"),
    ({"door_width": 80, "door_height": 200}, {"lengths": [70, 201, 210]}, "door"),
    ({"door_height": 30}, {}, "door"),
    ({"most_kg": 100}, {"kg": None}, "weight_not_said"),
    ({"most_kg": 100}, {"kg": 100.01}, "weight"),
    ({}, {"countries": ["KE", "UG"]}, "country"),
    ({"accepts_used": False}, {"condition": "as_new"}, "used"),
    ({"accepts_used": False}, {"condition": ""}, "used"),
    ({"accepts_loan": False}, {"is_loan": True}, "loan"),
    ({}, {"available_until": YESTERDAY}, "offer_over"),
    ({}, {"expires_on": YESTERDAY}, "offer_expired"),
    ({"expires_on": YESTERDAY}, {}, "need_expired"),
    ({}, {"is_cleared": False}, "export"),
    ({"budget": 119}, {}, "running"),
    ({"budget": 239, "quantity": 2}, {}, "running"),
    ({"organisation": 7}, {"organisation": 7}, "own"),
    ({"person": 7}, {"person": 7}, "own"),
]
KEPT = [
    ({}, {}),
    ({"musts": SPEED}, {"features": {"speed_rpm": 4000.0}}),
    ({"musts": {"cooled": (None, None)}}, {"features": {"cooled": None}}),
    ({"nice": SPEED}, {}),
    ({"voltage": None, "frequency": None}, {"needs_mains": False, "low": None, "high": None}),
    ({"voltage": 220}, {"low": 230, "high": 230}),
    ({"voltage": 110, "has_transformer": True}, {}),
    ({"door_width": 80, "door_height": 200}, {"lengths": [80, 200, 300]}),
    ({"door_width": 200, "door_height": 80}, {"lengths": [80, 200, 300]}),
    ({"door_width": 40}, {"lengths": [40, 400, 500]}),
    ({"most_kg": 28}, {}),
    ({}, {"countries": ["KE", "TG"]}),
    ({"accepts_used": False}, {"condition": "new"}),
    ({"expires_on": TODAY}, {"expires_on": TODAY, "available_until": TODAY}),
    ({"budget": 120}, {}),
    ({"budget": None}, {"running": 9000}),
    ({"budget": 0}, {"running": None}),
]


def judged(wanted, given, **told):
    return Judged(Block(facts([need(**wanted)], [offer(**given)], **told))).verdict(0, 0)


@pytest.mark.parametrize(("wanted", "given", "code"), CASES)
def test_a_broken_condition_is_named_and_said(wanted, given, code):
    verdict = judged(wanted, given)
    assert [line[0] for line in verdict.lacks] == [code]
    assert not verdict.fits
    [(said, sentence)] = verdict.lacks_in_words()
    assert said == code
    assert sentence.endswith(".")


@pytest.mark.parametrize(("wanted", "given"), KEPT)
def test_what_is_kept_lacks_nothing(wanted, given):
    assert judged(wanted, given).lacks == []


def test_who_said_no_is_not_asked_again():
    wanted, given = need(), offer()
    verdict = Judged(Block(facts([wanted], [given], turned_down=frozenset([(wanted.pk, given.pk)])))).verdict(0, 0)
    assert [line[0] for line in verdict.lacks] == ["turned_down"]


def test_every_code_of_a_lack_is_tried_here():
    assert {code for _wanted, _given, code in CASES} | {"turned_down"} == set(LACKS)


def test_cells_go_by_their_own_need_and_offer():
    block = Block(
        facts(
            [need(musts=SPEED), need(voltage=110), need()],
            [offer(features={"speed_rpm": 5000.0}), offer(low=100, high=120), offer(countries=["KE"])],
        )
    )
    codes = [
        [[line[0] for line in Judged(block).verdict(row, column).lacks] for column in range(3)] for row in range(3)
    ]
    assert codes == [
        [[], ["not_said", "voltage"], ["not_said", "country"]],
        [["voltage"], [], ["voltage", "country"]],
        [[], ["voltage"], ["country"]],
    ]


def test_a_lack_says_what_would_mend_it():
    lacks = judged({"voltage": 110, "budget": 100}, {}).lacks
    assert lacks_in_words(lacks) == [
        "The laboratory has 110 V, it works at 220–240 V. It would fit with a transformer there.",
        "Running it costs 120 EUR a year, the budget is 100 EUR a piece. It would fit with 20 EUR more a year.",
    ]


def test_words_of_a_code_that_is_gone_are_left_out():
    assert lacks_in_words([["once_known", {}], ["own", {}]]) == ["Donor and laboratory are the same."]
