"""Wait for time to fall free, be offered it, answer."""

from bookings.actions.holds import lapse_expired_holds, release_hold
from bookings.actions.waitlist.answers import accept_offer, decline_offer, expire_offer
from bookings.actions.waitlist.entries import join_waitlist, leave_waitlist
from bookings.actions.waitlist.offers import offer_freed_time
from bookings.actions.waitlist.sweep import expire_offers, expire_places, serve_waitlist

__all__ = [
    "accept_offer",
    "decline_offer",
    "expire_offer",
    "expire_offers",
    "expire_places",
    "join_waitlist",
    "lapse_expired_holds",
    "leave_waitlist",
    "offer_freed_time",
    "release_hold",
    "serve_waitlist",
]
