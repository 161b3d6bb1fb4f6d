"""Rows in numbers, for benchmarks: copied into the tables, past actions and their mails, with every constraint kept."""

from portal.samples.actions.bulk.applications import add_applications
from portal.samples.actions.bulk.bookings import add_bookings
from portal.samples.actions.bulk.donations import add_needs, add_offers
from portal.samples.actions.bulk.interests import add_interests

__all__ = ["add_applications", "add_bookings", "add_interests", "add_needs", "add_offers"]
