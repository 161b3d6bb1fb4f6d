"""Who takes part in an award beside its holder."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls import notices
from calls.actions.award.moving import OPEN_STATES, locked
from calls.models import Award
from portal.accounts.enums import MembershipState
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.notifications.actions import notify, reader


@transaction.atomic
def add_member(award: Award, email: str, *, by: Any) -> User:
    """Let a confirmed member of the award's organisation take part; adding somebody twice changes nothing.

    Raises Refused `not_a_member`, the same for an address nobody has and for people elsewhere.
    """
    award = _shareable(award, by)
    held = award.organisation.memberships.filter(state=MembershipState.CONFIRMED, user__email__iexact=email.strip())
    membership = held.filter(user__is_active=True).select_related("user").first()
    if membership is None:
        sentence = _("Nobody with this address is a confirmed member of %(organisation)s. Ask them to join it first.")
        raise Refused(Reason("not_a_member", sentence % {"organisation": award.organisation}))
    person = membership.user
    if person.pk == award.holder_id or award.members.filter(pk=person.pk).exists():
        return person
    award.members.add(person)
    record(award, "add_member", by=by, person=person.pk)
    notify(notices.AWARD_SHARED, f"award:{award.pk}:{person.pk}", [reader(person)], {"award": award.pk})
    return person


@transaction.atomic
def remove_member(award: Award, person: User, *, by: Any) -> None:
    """Take a researcher off the award; the bookings they are in stay as they are."""
    award = _shareable(award, by)
    if award.members.filter(pk=person.pk).exists():
        award.members.remove(person)
        record(award, "remove_member", by=by, person=person.pk)


def _shareable(award: Award, by: Any) -> Award:
    """Lock an award whose researchers `by` may choose."""
    if not by.has_perm("calls.share_award", award):
        raise Forbidden
    award = locked(award)
    if award.state not in OPEN_STATES:
        raise Refused(Reason("award_over", _("This award is over; its researchers stay as they were.")))
    return award
