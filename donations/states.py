"""The moves of needs, offers, matches, shipments, pledges and follow-ups: verb -> (from, to)."""

from donations.enums import FollowUpState as F
from donations.enums import MatchState as M
from donations.enums import NeedState as N
from donations.enums import OfferState as O
from donations.enums import PledgeState as P
from donations.enums import ShipmentState as S

NEED_MOVES = {
    "submit": ({N.DRAFT}, N.SUBMITTED),
    "ask": ({N.SUBMITTED}, N.RETURNED),
    "resubmit": ({N.RETURNED}, N.SUBMITTED),
    "verify": ({N.SUBMITTED}, N.OPEN),
    "refuse": ({N.SUBMITTED}, N.REFUSED),
    "match": ({N.OPEN}, N.MATCHED),  # all of it
    "reopen": ({N.MATCHED}, N.OPEN),
    "fulfil": ({N.MATCHED}, N.FULFILLED),
    "expire": ({N.OPEN, N.RETURNED}, N.EXPIRED),
    "withdraw": ({N.DRAFT, N.SUBMITTED, N.RETURNED, N.OPEN}, N.WITHDRAWN),
}

OFFER_MOVES = {
    "offer": ({O.DRAFT}, O.VETTING),
    "ask": ({O.VETTING}, O.RETURNED),
    "resubmit": ({O.RETURNED}, O.VETTING),
    "vet": ({O.VETTING}, O.VETTED),
    "refuse": ({O.VETTING}, O.REFUSED),
    "match": ({O.VETTED}, O.MATCHED),  # all of it
    "reopen": ({O.MATCHED}, O.VETTED),
    "hand_over": ({O.MATCHED}, O.HANDED_OVER),
    "lose": ({O.MATCHED}, O.LOST),  # on the way, and nothing of it is left
    "recall": ({O.HANDED_OVER}, O.RECALLED),  # a loan
    "give_back": ({O.RECALLED}, O.GIVEN_BACK),
    "expire": ({O.VETTED, O.RETURNED}, O.EXPIRED),
    "withdraw": ({O.DRAFT, O.VETTING, O.RETURNED, O.VETTED}, O.WITHDRAWN),
}

MATCH_MOVES = {
    "approve": ({M.PROPOSED}, M.APPROVED),
    "reject": ({M.PROPOSED}, M.REJECTED),
    "accept": ({M.APPROVED}, M.ACCEPTED),  # when the second side has said yes
    "refuse": ({M.APPROVED}, M.REFUSED),
    "lapse": ({M.APPROVED}, M.LAPSED),
    "complete": ({M.ACCEPTED}, M.COMPLETED),
    "fail": ({M.APPROVED, M.ACCEPTED}, M.FAILED),  # its numbers go back to need and offer
}

SHIPMENT_MOVES = {
    "quote": ({S.DRAFT}, S.QUOTED),
    "fund": ({S.DRAFT, S.QUOTED}, S.FUNDED),  # no quotation where the donor brings it
    "send": ({S.FUNDED}, S.IN_TRANSIT),
    "reach_customs": ({S.IN_TRANSIT}, S.CUSTOMS),
    "clear_customs": ({S.CUSTOMS}, S.IN_TRANSIT),
    "hold": ({S.IN_TRANSIT, S.CUSTOMS}, S.HELD),
    "resume": ({S.HELD}, S.IN_TRANSIT),
    "receive": ({S.IN_TRANSIT, S.CUSTOMS}, S.RECEIVED),
    "install": ({S.RECEIVED}, S.INSTALLED),
    "use": ({S.RECEIVED, S.INSTALLED}, S.IN_USE),
    "close": ({S.RECEIVED, S.INSTALLED, S.IN_USE}, S.CLOSED),
    "damage": ({S.IN_TRANSIT, S.CUSTOMS, S.HELD, S.RECEIVED, S.INSTALLED}, S.DAMAGED),
    "repair": ({S.DAMAGED}, S.RECEIVED),
    "abandon": ({S.DRAFT, S.QUOTED, S.FUNDED, S.HELD, S.DAMAGED}, S.ABANDONED),
    "lose": ({S.IN_TRANSIT, S.CUSTOMS, S.HELD}, S.LOST),
}

PLEDGE_MOVES = {
    "contact": ({P.DECLARED}, P.CONTACTED),
    "agree": ({P.CONTACTED}, P.AGREED),
    "allocate": ({P.AGREED}, P.ALLOCATED),
    "free": ({P.ALLOCATED}, P.AGREED),  # what it was to pay for came to nothing
    "honour": ({P.ALLOCATED}, P.HONOURED),
    "lapse": ({P.DECLARED, P.CONTACTED, P.AGREED}, P.LAPSED),
    "withdraw": ({P.DECLARED, P.CONTACTED, P.AGREED, P.ALLOCATED}, P.WITHDRAWN),
}

FOLLOW_UP_MOVES = {
    "ask": ({F.DUE}, F.ASKED),
    "answer": ({F.DUE, F.ASKED, F.SILENT}, F.ANSWERED),
    "give_up": ({F.ASKED}, F.SILENT),
    "cancel": ({F.DUE, F.ASKED, F.SILENT}, F.CANCELLED),
}
