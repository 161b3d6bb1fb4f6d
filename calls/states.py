"""The moves of calls, interests and awards: verb -> (from, to)."""

from calls.enums import AwardState as A
from calls.enums import CallState as C
from calls.enums import InterestState as I

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

AWARD_MOVES = {
    "accept": ({A.OFFERED}, A.ACTIVE),
    "refuse": ({A.OFFERED}, A.REFUSED),
    "lapse": ({A.OFFERED}, A.LAPSED),
    "revoke": ({A.ACTIVE}, A.REVOKED),
    "end": ({A.ACTIVE}, A.ENDED),
    "report": ({A.ENDED}, A.REPORTED),
}
