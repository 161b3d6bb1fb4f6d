"""The kinds of message that donations send; actions name them as `notices.X`."""

# ruff: noqa: F401

from donations.notices import follow_up as follow_up
from donations.notices import pledge as pledge
from donations.notices import shipment as shipment
from donations.notices.gate import (
    GATE_WAITING,
    NEED_VERIFIED,
    OFFER_VETTED,
    RETURN_ENDING,
    RETURN_LAPSED,
    THING_REFUSED,
    THING_RETURNED,
)
from donations.notices.match import (
    MATCH_ACCEPTED,
    MATCH_APPROVED,
    MATCH_FAILED,
    MATCH_LAPSED,
    MATCH_REFUSED,
    MATCH_REMINDER,
)
from donations.notices.need import NEED_EXPIRED, NEED_EXPIRING
from donations.notices.news import NEED_NEWS, OFFER_NEWS
from donations.notices.offer import (
    BATCH_TAKEN,
    LOAN_DUE,
    LOAN_GIVEN_BACK,
    LOAN_RECALLED,
    OFFER_EXPIRED,
    OFFER_EXPIRING,
    OFFER_RECEIVED,
    OFFER_WITHDRAWN,
)
