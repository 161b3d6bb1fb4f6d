"""The moves of instruments, agreements, trainings, places on them and wishes for them: verb -> (from, to)."""

from instruments.enums import AgreementState as A
from instruments.enums import InstrumentState as S
from instruments.enums import PlaceState as P
from instruments.enums import TrainingState as T
from instruments.enums import WishState as W

MOVES = {
    "propose": ({S.DRAFT}, S.PROPOSED),
    "ask": ({S.PROPOSED}, S.RETURNED),
    "resubmit": ({S.RETURNED}, S.PROPOSED),
    "list": ({S.PROPOSED}, S.LISTED),
    "refuse": ({S.PROPOSED}, S.REFUSED),
    "withdraw": ({S.DRAFT, S.PROPOSED, S.RETURNED}, S.WITHDRAWN),
    "suspend": ({S.LISTED}, S.SUSPENDED),
    "resume": ({S.SUSPENDED}, S.LISTED),
    "retire": ({S.LISTED, S.SUSPENDED}, S.RETIRED),
}

TRAINING_MOVES = {
    "publish": ({T.DRAFT}, T.PUBLISHED),
    "hold": ({T.PUBLISHED}, T.HELD),
    "close": ({T.HELD}, T.CLOSED),
    "cancel": ({T.DRAFT, T.PUBLISHED}, T.CANCELLED),
}

PLACE_MOVES = {
    "give": ({P.REQUESTED, P.REFUSED}, P.GIVEN),
    "refuse": ({P.REQUESTED, P.GIVEN}, P.REFUSED),
    "withdraw": ({P.REQUESTED, P.GIVEN}, P.WITHDRAWN),
    "ask_again": ({P.WITHDRAWN}, P.REQUESTED),
}

WISH_MOVES = {
    "answer": ({W.WAITING}, W.ANSWERED),
    "leave": ({W.WAITING}, W.LEFT),
}

AGREEMENT_MOVES = {
    "offer": ({A.DRAFT}, A.OFFERED),
    "agree": ({A.OFFERED}, A.AGREED),
    "decline": ({A.OFFERED}, A.DECLINED),
    "withdraw": ({A.DRAFT, A.OFFERED}, A.WITHDRAWN),
    "end": ({A.AGREED}, A.ENDED),  # the clock, or staff with a reason
}
