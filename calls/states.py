"""The moves of calls, interests, applications, reviews and awards: verb -> (from, to)."""

from calls.enums import ApplicationState as P
from calls.enums import AwardState as A
from calls.enums import CallState as C
from calls.enums import InterestState as I
from calls.enums import ReviewState as R

CALL_MOVES = {
    "publish": ({C.DRAFT}, C.PUBLISHED),
    "extend": ({C.PUBLISHED}, C.PUBLISHED),
    "withdraw": ({C.DRAFT, C.PUBLISHED}, C.WITHDRAWN),
    "decide": ({C.PUBLISHED}, C.DECIDED),
    "archive": ({C.DECIDED}, C.ARCHIVED),
}

INTEREST_MOVES = {
    "confirm": ({I.UNCONFIRMED}, I.ACTIVE),
    "change": ({I.ACTIVE}, I.ACTIVE),
    "end": ({I.ACTIVE}, I.ENDED),
}

JUDGED = {P.SCREENING, P.FEASIBILITY, P.REVIEW}

APPLICATION_MOVES = {
    "submit": ({P.DRAFT}, P.SCREENING),
    "ask": ({P.SCREENING}, P.RETURNED),
    "answer": ({P.RETURNED}, P.SCREENING),
    "pass_screening": ({P.SCREENING}, P.FEASIBILITY),
    "pass_to_review": ({P.SCREENING}, P.REVIEW),  # of calls that no laboratory has to judge
    "pass_feasibility": ({P.FEASIBILITY}, P.REVIEW),
    "prepare": ({*JUDGED, P.PREPARED}, P.PREPARED),  # again, as long as nothing is released
    "release_award": ({P.PREPARED}, P.AWARDED),
    "release_reserve": ({P.PREPARED}, P.RESERVED),
    "release_decline": ({P.PREPARED}, P.DECLINED),
    "step_up": ({P.RESERVED}, P.AWARDED),
    "withdraw": ({P.DRAFT, P.RETURNED, *JUDGED, P.PREPARED}, P.WITHDRAWN),
    "lapse": ({P.DRAFT, P.RETURNED, P.RESERVED}, P.LAPSED),
}

REVIEW_MOVES = {
    "save": ({R.ASSIGNED}, R.ASSIGNED),
    "submit": ({R.ASSIGNED}, R.SUBMITTED),
    "reopen": ({R.SUBMITTED}, R.ASSIGNED),
    "declare_conflict": ({R.ASSIGNED, R.SUBMITTED}, R.CONFLICT),
}

AWARD_MOVES = {
    "accept": ({A.OFFERED}, A.ACTIVE),
    "refuse": ({A.OFFERED}, A.REFUSED),
    "lapse": ({A.OFFERED}, A.LAPSED),
    "revoke": ({A.ACTIVE}, A.REVOKED),
    "end": ({A.ACTIVE}, A.ENDED),
    "report": ({A.ENDED}, A.REPORTED),
}
