"""An award is accepted, turned down, revoked or reported."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import notices
from calls.actions.award.moving import locked, move, people_of
from calls.actions.outcome.step_up import step_up_after
from calls.enums import AwardKind, AwardState
from calls.models import Award
from calls.rules.award import can_report, is_holder
from calls.signals import award_revoked
from instruments.actions.training import take_awarded_place, take_back_awarded_place
from instruments.models import Training
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import User
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction
from portal.notifications.actions import notify, reader


@transaction.atomic
def accept(award: Award, *, by: Any) -> Award:
    """The holder takes the award; the organisation's focal points hear that its hours can be booked.

    A place on the training of its call is theirs in the same moment. Raises Refused where there is none left.
    """
    award = _answerable(award, by)
    move(award, "accept", by=by)
    if (training := _training_of(award)) is not None:
        take_awarded_place(training, by=by, award=award.ref)
    if award.is_bookable:
        tell = [reader(person) for person in _focal_points(award) if person.pk != by.pk]
        notify(notices.AWARD_ACCEPTED, f"award:{award.pk}", tell, {"award": award.pk})
    return award


@transaction.atomic
def refuse(award: Award, *, by: Any) -> Award:
    """The holder does not want the award; who waits on the reserve list steps up."""
    award = _answerable(award, by)
    move(award, "refuse", by=by)
    step_up_after(award)
    return award


def revoke(award: Award, *, by: Any, why: str) -> Award:
    """Staff take an active award back; its people are told the reason, apps above hear the signal.

    What is left of its hours when they have heard it goes to the reserve list. Who books with the award at this moment
    has locked its instrument first, which apps above lock after the award: whichever has to give way starts again.
    """
    if not by.has_perm("calls.revoke_award", award):
        raise Forbidden
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why the award is revoked; the holder is told.")))
    return in_transaction(lambda: _revoke(award, by, why.strip()))


def _revoke(award: Award, by: Any, why: str) -> Award:
    award = locked(award)
    move(award, "revoke", by=by, why=why)
    notify(notices.AWARD_REVOKED, f"award:{award.pk}", people_of(award), {"award": award.pk, "why": why})
    if (training := _training_of(award)) is not None:
        others = Award.objects.giving_place(award.holder, training).values_list("ref", flat=True)
        take_back_awarded_place(training, by=by, award=award.ref, others=others, why=why)
    award_revoked.send(Award, award=award, by=by)
    step_up_after(award)
    return award


@transaction.atomic
def report(award: Award, *, by: Any) -> Award:
    """Note that what came of an ended award is told; bookings keep the report itself. Raises WrongState."""
    if not can_report(by, award):
        raise Forbidden
    award = locked(award)
    move(award, "report", by=by)
    return award


def _answerable(award: Award, by: Any) -> Award:
    """Lock an award that `by` may still accept or refuse."""
    award = locked(award)
    if not is_holder(by, award):
        raise Forbidden
    if award.state == AwardState.OFFERED and award.answer_by and award.answer_by <= timezone.now():
        raise Refused(Reason("too_late", _("The day to answer this offer has passed. Write to us if you need it.")))
    return award


def _training_of(award: Award) -> Training | None:
    """Whose place it gives: that of its call, where staff named one."""
    return award.call.training if award.kind == AwardKind.PLACE and award.call is not None else None


def _focal_points(award: Award) -> Collection[User]:
    led = {"state": MembershipState.CONFIRMED, "role": Role.FOCAL_POINT, "organisation": award.organisation_id}
    return User.objects.filter(pk__in=award.organisation.memberships.filter(**led).values("user"), is_active=True)
