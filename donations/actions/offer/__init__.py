"""Every deed on an offer of equipment but what staff do at the gate."""

from donations.actions.offer.batch import forget_batches, keep_batch, take_batch
from donations.actions.offer.draft import start_offer
from donations.actions.offer.end import expire_offers, withdraw_offer
from donations.actions.offer.expiry import LONGEST, extend_offer, last_day, remind_of_expiry
from donations.actions.offer.features import write_features
from donations.actions.offer.hand_in import hand_in_offer
from donations.actions.offer.loan import give_back_loan, is_lent_in_part, recall_loan, remind_of_loans
from donations.actions.offer.papers import add_paper, remove_paper

__all__ = [
    "LONGEST",
    "add_paper",
    "expire_offers",
    "extend_offer",
    "forget_batches",
    "give_back_loan",
    "hand_in_offer",
    "is_lent_in_part",
    "keep_batch",
    "last_day",
    "recall_loan",
    "remind_of_expiry",
    "remind_of_loans",
    "remove_paper",
    "start_offer",
    "take_batch",
    "withdraw_offer",
    "write_features",
]
