"""Locking a match with the two rows whose numbers it holds, and who is told of it."""

from collections.abc import Iterable

from donations.actions.moving import locked
from donations.actions.numbers import pair
from donations.models import Match, Need, Offer
from donations.people import people_of_need, people_of_offer
from portal.accounts.models import User
from portal.notifications.actions import Recipient, reader


def held(match: Match) -> tuple[Match, Need, Offer]:
    """The match with its need and offer as they are now, locked: need, offer, match."""
    need, offer = pair(match.need, match.offer)
    fresh = locked(match)
    fresh.need, fresh.offer = need, offer
    return fresh, need, offer


def both_sides(match: Match) -> list[Recipient]:
    """Everybody who speaks for the need or the offer, once each."""
    return readers([*people_of_need(match.need), *people_of_offer(match.offer)])


def readers(people: Iterable[User]) -> list[Recipient]:
    return [reader(person) for person in {person.pk: person for person in people}.values()]
