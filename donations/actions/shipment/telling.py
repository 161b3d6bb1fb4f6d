"""Who hears of a shipment: who gives, who receives, who prepared it. Whoever did the deed knows."""

from collections.abc import Iterable
from typing import Any

from donations.models import Shipment
from donations.people import leaders_of
from portal.accounts.models import User
from portal.notifications.actions import notify, reader
from portal.notifications.kinds import Kind


def donor_side(row: Shipment) -> list[User]:
    return [row.donor]


def receiving_side(row: Shipment) -> list[User]:
    """Who asked for something in it, and the focal points of the organisation."""
    asked = User.objects.filter(needs__matches__shipments=row).distinct().order_by("pk")
    return [*asked, *leaders_of(row.organisation_id)]


def both_sides(row: Shipment) -> list[User]:
    return [*donor_side(row), *receiving_side(row)]


def maker(row: Shipment) -> list[User]:
    return [row.made_by]


def tell(kind: Kind, row: Shipment, people: Iterable[User], *, by: Any, why: str = "") -> None:
    """One message a person about what was just saved; a shipment may be held, or damaged, more than once."""
    others = {person.pk: person for person in people if person.is_active and person != by}
    event = f"shipment:{row.pk}:{row.updated_at.isoformat()}"
    notify(kind, event, [reader(person) for person in others.values()], {"shipment": row.pk, "why": why})
