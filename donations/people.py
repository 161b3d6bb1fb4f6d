"""Who speaks for a need, an offer or an organisation: those are told, and may answer."""

from donations.models import Need, Offer
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership, User


def leaders_of(organisation_id: int | None) -> list[User]:
    """The confirmed focal points of an organisation who can sign in."""
    if organisation_id is None:
        return []
    held = Membership.objects.filter(
        state=MembershipState.CONFIRMED, role=Role.FOCAL_POINT, organisation=organisation_id
    )
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk"))


def people_of_need(need: Need) -> list[User]:
    """Who stated it, while they can sign in, and the focal points of its organisation."""
    return _once([need.asked_by, *leaders_of(need.organisation_id)])


def people_of_offer(offer: Offer) -> list[User]:
    """The donor, while they can sign in, and the focal points of the organisation in whose name it is given."""
    return _once([offer.donor, *leaders_of(offer.organisation_id)])


def desk() -> list[User]:
    """The staff, who see to what nobody else can."""
    return list(User.objects.filter(is_staff=True, is_active=True).order_by("pk"))


def _once(people: list[User]) -> list[User]:
    return list({person.pk: person for person in people if person.is_active}.values())
