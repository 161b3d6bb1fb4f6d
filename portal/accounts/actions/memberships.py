"""Deeds on memberships: ask, confirm, refuse, withdraw, end."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts import notices, rules
from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.signals import membership_confirmed, membership_ended
from portal.accounts.states import MEMBERSHIP_MOVES
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, Taken
from portal.core.machine import next_state
from portal.core.retry import broken_constraint
from portal.notifications.actions import notify, reader


@transaction.atomic
def request_membership(organisation: Organisation, role: Role, *, by: User) -> Membership:
    """Ask to be `role` in `organisation`; those who can confirm it are told."""
    if not Organisation.objects.visible_to(by).filter(pk=organisation.pk).exists():
        raise Forbidden
    return add_request(organisation, role, by=by)


@transaction.atomic
def add_request(organisation: Organisation, role: Role, *, by: User) -> Membership:
    """The request itself, for an organisation that `by` sees or enters this moment."""
    membership = Membership(user=by, organisation=organisation, role=role)
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        if broken_constraint(error) != "membership_open_once":
            raise
        raise Taken(
            Reason("membership_open", _("You have this role here already, or your request for it is waiting."))
        ) from error
    record(membership, "request", by=by, after=membership.state)
    notify(
        notices.MEMBERSHIP_REQUESTED,
        f"membership:{membership.pk}",
        [reader(user) for user in who_answers(membership)],
        {"membership": membership.pk},
    )
    return membership


@transaction.atomic
def confirm_membership(membership: Membership, *, by: User) -> Membership:
    """Let the person be what they asked to be."""
    row = _move(membership, "confirm", by)
    if row.organisation.state != OrganisationState.VERIFIED:
        raise Refused(
            Reason("organisation_proposed", _("Verify the organisation first, then confirm who works there."))
        )
    notify(notices.MEMBERSHIP_CONFIRMED, f"membership:{row.pk}", [reader(row.user)], {"membership": row.pk})
    membership_confirmed.send(Membership, membership=row, by=by)
    return row


@transaction.atomic
def refuse_membership(membership: Membership, *, by: User, why: str = "") -> Membership:
    """Say no to a request; the person is told, with the reason if one is given."""
    row = _move(membership, "refuse", by, why)
    data = {"membership": row.pk, "why": why}
    notify(notices.MEMBERSHIP_REFUSED, f"membership:{row.pk}", [reader(row.user)], data)
    return row


@transaction.atomic
def withdraw_membership(membership: Membership, *, by: User) -> Membership:
    """Take back one's own request."""
    return _move(membership, "withdraw", by)


@transaction.atomic
def end_membership(membership: Membership, *, by: User, why: str = "") -> Membership:
    """End what somebody is; told to them unless they did it, and to staff when no focal point is left."""
    row = _move(membership, "end", by, why)
    if row.user_id != by.pk:
        data = {"membership": row.pk, "why": why}
        notify(notices.MEMBERSHIP_ENDED, f"membership:{row.pk}", [reader(row.user)], data)
    if row.role == Role.FOCAL_POINT and not _focal_points(row.organisation_id):
        people = [reader(user) for user in _staff(but=by)]
        data = {"organisation": row.organisation_id}
        notify(notices.ORGANISATION_STRANDED, f"membership:{row.pk}", people, data)
    membership_ended.send(Membership, membership=row, by=by)
    return row


def who_answers(membership: Membership) -> list[User]:
    """The people who hear of a request: those whose role answers it, else staff. Never the person."""
    role = rules.CONFIRMED_BY.get(Role(membership.role))
    own = _holders(membership.organisation_id, role) if role else []
    return [user for user in own if user.pk != membership.user_id] or _staff(but=membership.user)


def _move(membership: Membership, verb: str, by: User, why: str = "") -> Membership:
    """Lock the row, look again, check person and state, move and record."""
    row = (
        Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(pk=membership.pk)
    )
    if not rules.may(by, verb, row):
        raise Forbidden
    before, row.state = row.state, next_state(MEMBERSHIP_MOVES, verb, row.state)
    row.save(update_fields=["state", "updated_at"])
    record(row, verb, by=by, before=before, after=row.state, why=why)
    membership.state = row.state
    return row


def _holders(organisation_id: int, role: Role) -> list[User]:
    held = Membership.objects.confirmed().filter(organisation_id=organisation_id, role=role, user__is_active=True)
    return [membership.user for membership in held.select_related("user").order_by("pk")]


def _focal_points(organisation_id: int) -> bool:
    held = Membership.objects.filter(
        organisation_id=organisation_id, role=Role.FOCAL_POINT, state=MembershipState.CONFIRMED
    )
    return held.exists()


def _staff(*, but: User) -> list[User]:
    return list(User.objects.filter(is_staff=True, is_active=True).exclude(pk=but.pk).order_by("pk"))
