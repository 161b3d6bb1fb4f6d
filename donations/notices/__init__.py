"""The kinds of message that donations send; actions name them as `notices.X`."""

# ruff: noqa: F401

from donations.notices import pledge as pledge
from donations.notices import shipment as shipment
from donations.notices.match import (
    MATCH_ACCEPTED,
    MATCH_APPROVED,
    MATCH_FAILED,
    MATCH_LAPSED,
    MATCH_REFUSED,
    MATCH_REMINDER,
)
from donations.notices.need import NEED_EXPIRED, NEED_EXPIRING
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
