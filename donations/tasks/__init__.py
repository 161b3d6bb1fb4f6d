"""What donations do later and by the clock."""

# ruff: noqa: F401

from donations.tasks.follow_up import settle_follow_ups
from donations.tasks.gate import settle_gate
from donations.tasks.match import settle_matches
from donations.tasks.matching import match
from donations.tasks.need import settle_needs
from donations.tasks.offer import settle_offers
from donations.tasks.pledge import settle_pledges
