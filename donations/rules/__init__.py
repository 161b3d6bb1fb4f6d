"""Who may do what to needs, offers, matches, shipments and pledges: pages, API, admin and actions ask the same."""

from donations.rules import gift, thing

__all__ = ["gift", "thing"]
