"""Deeds of awards. Their hours move in `ledger`, whose `spend`, `give_back` and `use` are offered here too."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import notices
from calls.actions.ledger import adjust, check_balances, enter_grant, give_back, spend, use
from calls.enums import AwardState
from calls.models import Award, Call
from calls.rules.award import is_holder
from calls.signals import award_revoked
from calls.states import AWARD_MOVES
from instruments.enums import InstrumentState
from instruments.models import Instrument
from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.accounts.models import Organisation, User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.notifications.actions import notify, reader

__all__ = ["adjust", "check_balances", "give_back", "spend", "use"]

ANSWER_WITHIN = timedelta(days=14)
WARN_BEFORE = timedelta(days=14)
OPEN_STATES = (AwardState.OFFERED, AwardState.ACTIVE)


@transaction.atomic
def grant_award(
    *,
    holder: User,
    organisation: Organisation,
    instrument: Instrument,
    minutes: int,
    valid_from: date,
    valid_until: date,
    title: str,
    by: Any,
    call: Call | None = None,
    answer_by: datetime | None = None,
    members: Collection[User] = (),
) -> Award:
    """Offer `minutes` on `instrument` to `holder`, who answers until `answer_by` (14 days by default).

    Raises Refused with every reason at once: no_hours, days, already_over, answer_by, instrument_not_listed,
    organisation_not_verified, holder_elsewhere.
    """
    if not by.has_perm("calls.grant_award"):
        raise Forbidden
    award = Award(
        holder=holder,
        organisation=organisation,
        instrument=instrument,
        call=call,
        title=title,
        granted_minutes=minutes,
        balance_minutes=minutes,
        valid_from=valid_from,
        valid_until=valid_until,
        answer_by=answer_by or timezone.now() + ANSWER_WITHIN,
    )
    if reasons := _against(award):
        raise Refused(*reasons)
    award.save()
    award.members.set(members)
    enter_grant(award, by=by)
    record(award, "release", by=by, after=award.state, minutes=minutes)
    notify(notices.AWARD_OFFERED, f"award:{award.pk}", [reader(holder)], {"award": award.pk})
    return award


@transaction.atomic
def accept(award: Award, *, by: Any) -> Award:
    """The holder takes the award; the organisation's focal points hear that its hours can be booked."""
    award = _answerable(award, by)
    _move(award, "accept", by=by)
    tell = [reader(person) for person in _focal_points(award) if person.pk != by.pk]
    notify(notices.AWARD_ACCEPTED, f"award:{award.pk}", tell, {"award": award.pk})
    return award


@transaction.atomic
def refuse(award: Award, *, by: Any) -> Award:
    """The holder does not want the award."""
    award = _answerable(award, by)
    _move(award, "refuse", by=by)
    return award


@transaction.atomic
def revoke(award: Award, *, by: Any, why: str) -> Award:
    """Staff take an active award back; holder and researchers are told the reason, apps above hear the signal."""
    if not by.has_perm("calls.revoke_award", award):
        raise Forbidden
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why the award is revoked; the holder is told.")))
    award = _locked(award)
    _move(award, "revoke", by=by, why=why.strip())
    people = {award.holder, *award.members.all()}
    notify(
        notices.AWARD_REVOKED,
        f"award:{award.pk}",
        [reader(person) for person in people],
        {"award": award.pk, "why": why.strip()},
    )
    award_revoked.send(Award, award=award, by=by)
    return award


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


def lapse_unanswered(now: datetime) -> int:
    """Close the offers nobody answered in time; return how many."""
    return _move_each(Award.objects.unanswered_at(now), "lapse")


def end_expired(now: datetime) -> int:
    """End the active awards whose last day is over on the instrument's clock; return how many."""
    candidates = Award.objects.perhaps_over_at(now).select_related("instrument")
    return _move_each([award for award in candidates if award.ends_at <= now], "end")


def warn_expiring(now: datetime) -> None:
    """Tell holders once that hours will be lost when their award ends within two weeks."""
    for award in Award.objects.with_hours_left_until((now + WARN_BEFORE).date()).select_related("holder"):
        key = f"award:{award.pk}:{award.valid_until}"
        notify(notices.AWARD_EXPIRING, key, [reader(award.holder)], {"award": award.pk})


def _against(award: Award) -> list[Reason]:
    """Why this award cannot be offered; empty when it can."""
    now = timezone.now()
    held = award.holder.memberships.held_by(award.holder, award.organisation.pk)
    checks = [
        (award.granted_minutes > 0, "no_hours", _("Enter the hours to grant, more than zero.")),
        (award.valid_from <= award.valid_until, "days", _("The award must begin before it ends.")),
        (award.ends_at > now, "already_over", _("The last day of the award is already over.")),
        (award.answer_by is None or award.answer_by > now, "answer_by", _("The day to answer by must be to come.")),
        (
            award.instrument.state in (InstrumentState.LISTED, InstrumentState.SUSPENDED),
            "instrument_not_listed",
            _("Choose an instrument that is listed."),
        ),
        (
            award.organisation.state == OrganisationState.VERIFIED,
            "organisation_not_verified",
            _("This organisation is not verified yet."),
        ),
        (held.exists(), "holder_elsewhere", _("The holder is not a confirmed member of this organisation.")),
    ]
    return [Reason(code, sentence) for is_fine, code, sentence in checks if not is_fine]


def _answerable(award: Award, by: Any) -> Award:
    """Lock an award that `by` may still accept or refuse."""
    award = _locked(award)
    if not is_holder(by, award):
        raise Forbidden
    if award.state == AwardState.OFFERED and award.answer_by and award.answer_by <= timezone.now():
        raise Refused(Reason("too_late", _("The day to answer this offer has passed. Write to us if you need it.")))
    return award


def _shareable(award: Award, by: Any) -> Award:
    """Lock an award whose researchers `by` may choose."""
    if not by.has_perm("calls.share_award", award):
        raise Forbidden
    award = _locked(award)
    if award.state not in OPEN_STATES:
        raise Refused(Reason("award_over", _("This award is over; its researchers stay as they were.")))
    return award


def _locked(award: Award) -> Award:
    rows = Award.objects.select_for_update(of=("self",)).select_related("holder", "organisation", "instrument")
    return rows.get(pk=award.pk)


def _move(award: Award, verb: str, *, by: Any, why: str = "") -> None:
    """Take a locked award along `verb` and write the history."""
    before, award.state = award.state, next_state(AWARD_MOVES, verb, award.state)
    award.save(update_fields=["state", "updated_at"])
    record(award, verb, by=by, before=before, after=award.state, why=why)


def _move_each(awards: Collection[Award], verb: str) -> int:
    """Take each award along, one transaction each; those that somebody moved meanwhile are left alone."""
    moved = 0
    for candidate in awards:
        with transaction.atomic():
            award = _locked(candidate)
            if award.state in AWARD_MOVES[verb][0]:
                _move(award, verb, by=None)
                moved += 1
    return moved


def _focal_points(award: Award) -> Collection[User]:
    led = {"state": MembershipState.CONFIRMED, "role": Role.FOCAL_POINT, "organisation": award.organisation_id}
    return User.objects.filter(pk__in=award.organisation.memberships.filter(**led).values("user"), is_active=True)
