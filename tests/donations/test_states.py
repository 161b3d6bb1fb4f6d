"""Every state of every machine of donations, tried with every verb against tables written by hand."""

import itertools

import pytest

from donations.enums import FollowUpState, MatchState, NeedState, OfferState, PledgeState, ShipmentState
from donations.states import (
    FOLLOW_UP_MOVES,
    MATCH_MOVES,
    NEED_MOVES,
    OFFER_MOVES,
    PLEDGE_MOVES,
    SHIPMENT_MOVES,
)
from tests.support.moves import check_move

NEEDS = {
    ("submit", "draft"): "submitted",
    ("ask", "submitted"): "returned",
    ("resubmit", "returned"): "submitted",
    ("verify", "submitted"): "open",
    ("refuse", "submitted"): "refused",
    ("match", "open"): "matched",
    ("reopen", "matched"): "open",
    ("fulfil", "matched"): "fulfilled",
    ("expire", "open"): "expired",
    ("expire", "returned"): "expired",
    **{("withdraw", state): "withdrawn" for state in ("draft", "submitted", "returned", "open")},
}
OFFERS = {
    ("offer", "draft"): "vetting",
    ("ask", "vetting"): "returned",
    ("resubmit", "returned"): "vetting",
    ("vet", "vetting"): "vetted",
    ("refuse", "vetting"): "refused",
    ("match", "vetted"): "matched",
    ("reopen", "matched"): "vetted",
    ("hand_over", "matched"): "handed_over",
    ("lose", "matched"): "lost",
    ("recall", "handed_over"): "recalled",
    ("give_back", "recalled"): "given_back",
    ("expire", "vetted"): "expired",
    ("expire", "returned"): "expired",
    **{("withdraw", state): "withdrawn" for state in ("draft", "vetting", "returned", "vetted")},
}
MATCHES = {
    ("approve", "proposed"): "approved",
    ("reject", "proposed"): "rejected",
    ("accept", "approved"): "accepted",
    ("refuse", "approved"): "refused",
    ("lapse", "approved"): "lapsed",
    ("complete", "accepted"): "completed",
    ("fail", "approved"): "failed",
    ("fail", "accepted"): "failed",
}
SHIPMENTS = {
    ("quote", "draft"): "quoted",
    ("fund", "draft"): "funded",
    ("fund", "quoted"): "funded",
    ("send", "funded"): "in_transit",
    ("reach_customs", "in_transit"): "customs",
    ("clear_customs", "customs"): "in_transit",
    ("hold", "in_transit"): "held",
    ("hold", "customs"): "held",
    ("resume", "held"): "in_transit",
    ("receive", "in_transit"): "received",
    ("receive", "customs"): "received",
    ("install", "received"): "installed",
    ("use", "received"): "in_use",
    ("use", "installed"): "in_use",
    **{("close", state): "closed" for state in ("received", "installed", "in_use")},
    **{("damage", state): "damaged" for state in ("in_transit", "customs", "held", "received", "installed")},
    ("repair", "damaged"): "received",
    **{("abandon", state): "abandoned" for state in ("draft", "quoted", "funded", "held", "damaged")},
    **{("lose", state): "lost" for state in ("in_transit", "customs", "held")},
}
PLEDGES = {
    ("contact", "declared"): "contacted",
    ("agree", "contacted"): "agreed",
    ("allocate", "agreed"): "allocated",
    ("free", "allocated"): "agreed",
    ("honour", "allocated"): "honoured",
    **{("lapse", state): "lapsed" for state in ("declared", "contacted", "agreed")},
    **{("withdraw", state): "withdrawn" for state in ("declared", "contacted", "agreed", "allocated")},
}
FOLLOW_UPS = {
    ("ask", "due"): "asked",
    **{("answer", state): "answered" for state in ("due", "asked", "silent")},
    ("give_up", "asked"): "silent",
    **{("cancel", state): "cancelled" for state in ("due", "asked", "silent")},
}
TABLES = [
    (NEED_MOVES, NEEDS, NeedState),
    (OFFER_MOVES, OFFERS, OfferState),
    (MATCH_MOVES, MATCHES, MatchState),
    (SHIPMENT_MOVES, SHIPMENTS, ShipmentState),
    (PLEDGE_MOVES, PLEDGES, PledgeState),
    (FOLLOW_UP_MOVES, FOLLOW_UPS, FollowUpState),
]


@pytest.mark.parametrize(("moves", "expected", "states"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_every_state_meets_every_verb(moves, expected, states):
    for verb, state in itertools.product(moves, states.values):
        check_move(moves, expected, verb, state)


@pytest.mark.parametrize(("moves", "expected", "states"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_every_state_can_be_reached_or_is_where_it_begins(moves, expected, states):
    begins = {"draft", "proposed", "declared", "due"}
    assert set(states.values) - begins == {target for _sources, target in moves.values()} - begins
