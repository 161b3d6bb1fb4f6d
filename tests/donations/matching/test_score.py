"""The score: each part by what it is made of, the sum by its weights, and the words that tell of it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import translation

from donations.matching.block import Block
from donations.matching.judged import Judged
from donations.matching.places import HALF_WAY_KM, LEAST_DEVELOPED, PRIORITY, distance_km, group_of
from donations.matching.score import PARTS
from donations.matching.stability import LAST_RUN
from donations.matching.words import GROUPS, REASONS, in_words, parts_in_words
from tests.donations.matching.facts import TODAY, facts, need, offer


def judged(wanted=None, given=None, **told):
    return Judged(Block(facts([need(**wanted or {})], [offer(**given or {})], **told))).verdict(0, 0)


BEST = {"condition": "new", "year": 2027}
COOLED = {"cooled": (None, None)}


@pytest.mark.parametrize(
    ("name", "wanted", "given", "value"),
    [
        ("fit", {}, BEST, 1000),
        ("fit", {}, {"condition": "faulty", "year": 1990}, 500),
        ("fit", {}, {"condition": "good", "year": None}, 810),
        ("fit", {"nice": COOLED}, BEST, 500),
        ("fit", {"nice": COOLED}, BEST | {"features": {"cooled": None}}, 1000),
        ("fit", {"wants_training": True}, BEST, 500),
        ("fit", {"wants_training": True}, BEST | {"gives_training": True}, 1000),
        ("readiness", {"budget": 500}, {}, 1000),
        ("readiness", {"is_run": False, "is_maintained": False, "customs": "unknown", "has_room": False}, {}, 0),
        ("readiness", {"customs": "full"}, {}, 770),
        ("users", {"people": None}, {}, 0),
        ("users", {"people": 500}, {}, 1000),
        ("users", {"people": 5000}, {}, 1000),
        ("users", {"people": 120}, {}, 771),
        ("users", {"people": 1000, "quantity": 2}, {}, 1000),
        ("women", {"people": 120, "women": 60}, {}, 1000),
        ("women", {"people": 120, "women": 30}, {}, 500),
        ("women", {"people": 120, "women": None}, {}, 0),
        ("women", {"people": 0, "women": 0}, {}, 0),
        ("country", {"country": "TG"}, {}, 1000),
        ("country", {"country": "NP"}, {}, 800),
        ("country", {"country": "GH"}, {}, 700),
        ("country", {"country": "FJ"}, {}, 600),
        ("country", {"country": "AR"}, {}, 300),
        ("freight", {"country": "FR"}, {"kg": 0.0}, 1000),
        ("freight", {"country": "FR"}, {"kg": 100.0}, 600),
        ("freight", {"country": "FR"}, {"kg": 100.0, "freight": "donor"}, 800),
        ("freight", {"country": "FR"}, {"kg": None, "country": ""}, 500),
        ("waiting", {"public_on": TODAY}, {}, 0),
        ("waiting", {"public_on": TODAY - timedelta(days=73)}, {}, 200),
        ("waiting", {"public_on": TODAY - timedelta(days=4000)}, {}, 1000),
        ("waiting", {"public_on": None}, {}, 0),
        ("gifts", {"gifts": 0}, {}, 1000),
        ("gifts", {"gifts": 3}, {}, 250),
    ],
)  # fmt: skip
def test_a_part(name, wanted, given, value):
    assert judged(wanted, given).parts[name] == value


def test_the_score_is_the_weighed_sum():
    verdict = judged()
    assert sum(part.weight for part in PARTS.values()) == 100
    assert set(verdict.parts) == set(PARTS)
    exact = sum(PARTS[name].weight * value for name, value in verdict.parts.items()) / 100
    assert abs(verdict.score - exact) <= 0.5


def test_parts_are_told_with_their_names():
    told = parts_in_words(judged().parts)
    assert len(told) == len(PARTS)
    assert told[0] == ("Fit", 860)
    assert parts_in_words({"once": 3}) == []


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [("FR", "TG", 4600, 4900), ("KE", "TG", 3900, 4200), ("AU", "GB", 16_800, 17_200)],
)
def test_distances_are_those_on_the_globe(one, other, least, most):
    assert least <= distance_km(one, other) <= most
    assert distance_km(one, other) == distance_km(other, one)


def test_an_unsaid_country_is_half_way_round():
    assert distance_km("", "TG") == distance_km("", "") == HALF_WAY_KM
    assert distance_km("TG", "TG") == 0


def test_countries_come_in_groups():
    assert len(LEAST_DEVELOPED) == 44
    assert [group_of(country) for country in ("TG", "NP", "ZA", "FJ", "FR", "")] == [
        "ldc_africa", "ldc", "africa", "island", "", "",
    ]  # fmt: skip


def test_reasons_are_sentences_in_the_reader_s_language():
    wanted = {"people": 120, "women": 61, "public_on": TODAY - timedelta(days=213), "budget": 1200}
    reasons = judged(wanted).reasons
    assert in_words(reasons) == [
        "fits 230 V / 50 Hz",
        "plug of type E, sockets of type G: an adapter is needed",
        "condition: Good, used",
        "120 people",
        "61 of them women",
        "somebody is named who runs and maintains it",
        "customs: Exempt from duty and tax",
        "running costs of 120 EUR a year are within the budget of 1,200 EUR a piece",
        "Togo is in Africa and a least developed country",
        "about 4,800 km away",
        "waiting 7 months",
        "the first gift to this organisation",
    ]
    with translation.override("fr"):
        assert in_words([["same_country", {}], ["running", {"eur": 1200, "budget": 1300}]])


TOLD = [
    ("transformer", {"voltage": 110, "has_transformer": True}, {},
     "needs 220–240 V, the laboratory has 110 V and a transformer"),
    ("no_mains", {}, {"needs_mains": False}, "needs no mains"),
    ("musts", {"musts": COOLED}, {"features": {"cooled": None}}, "the one must is met"),
    ("nice", {"nice": {"cooled": (None, None), "tube_ml": (5, None)}}, {"features": {"cooled": None}},
     "1 of 2 wishes beyond the musts are met"),
    ("training", {"wants_training": True}, {"gives_training": True}, "training is needed and offered"),
    ("no_training", {"wants_training": True}, {}, "training is needed and not offered"),
    ("running_share", {}, {}, "running costs are 5 % of its worth a year, and no budget is stated"),
    ("same_country", {}, {"country": "TG"}, "in the same country"),
    ("freight_paid", {}, {"freight": "donor"}, "the donor pays the freight"),
    ("waiting", {"public_on": TODAY - timedelta(days=20)}, {}, "waiting 20 days"),
    ("gifts", {"gifts": 2}, {}, "2 gifts to this organisation so far"),
    ("priority", {"country": "NP"}, {}, "Nepal is a least developed country"),
    ("priority", {"country": "GH"}, {}, "Ghana is in Africa"),
    ("priority", {"country": "FJ"}, {}, "Fiji is a small island developing state"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "wanted", "given", "words"), TOLD)
def test_a_reason(code, wanted, given, words):
    assert in_words([line for line in judged(wanted, given).reasons if line[0] == code]) == [words]


def test_the_last_run_is_a_reason():
    wants, gives = need(), offer()
    verdict = Judged(Block(facts([wants], [gives], last=frozenset([(wants.pk, gives.pk)])))).verdict(0, 0)
    assert in_words(verdict.reasons)[-1] == "also put together last time"


def test_every_reason_is_tried_here():
    first = {line[0] for line in judged({"budget": 1200}).reasons}
    assert first | {code for code, *_rest in TOLD} | {"last_run"} == set(REASONS)
    assert len(GROUPS) == 4


def test_reasons_never_praise_what_is_broken():
    verdict = judged({"voltage": 110, "musts": {"cooled": (None, None)}, "budget": 10}, {})
    assert not {"mains", "transformer", "musts", "running"} & {line[0] for line in verdict.reasons}


def test_the_guide_has_the_weights_and_priorities():
    guide = (settings.BASE_DIR / "docs" / "matching.md").read_text()
    told = {name: int(weight) for name, weight in re.findall(r"^\| `(\w+)` \| (\d+) \|", guide, re.MULTILINE)}
    assert told == {name: part.weight for name, part in PARTS.items()}
    assert [int(value) for value in re.findall(r"\b(\d+) for a", guide)] == list(PRIORITY.values())
    assert f"counts {LAST_RUN}" in " ".join(guide.split())
