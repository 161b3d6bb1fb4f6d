"""Begin a need: for one's organisation, from the award of an equipment call, or as a copy of another."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.enums import AwardKind, AwardState
from calls.models import Award
from donations.actions.moving import locked
from donations.actions.photo import copy_photos
from donations.enums import NeedState
from donations.models import Need, Requirement
from donations.need_steps import STEPS
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused

MOST_DRAFTS = 20
COPIED = [name for step in STEPS for name in step.fields]
LONGEST_TITLE, LONGEST_WHY = 120, 3000
OVER = (NeedState.REFUSED, NeedState.EXPIRED, NeedState.WITHDRAWN)


def may_state(person: Any, organisation: Organisation, award: Award | None = None) -> bool:
    """Staff and the organisation's focal points; whoever holds an award of a verified need, for that one."""
    if award is not None and award.holder_id == person.pk and award.organisation_id == organisation.pk:
        return True
    return bool(person.has_perm("donations.state_need", organisation))


@transaction.atomic
def start(organisation: Organisation, *, by: Any, award: Award | None = None) -> Need:
    """Begin a draft; an award has one need, which is found again. Raises Forbidden and Refused."""
    if not may_state(by, organisation, award):
        raise Forbidden(_("The focal point of an organisation states what it needs."))
    if award is not None:
        award = Award.objects.select_for_update(of=("self",), no_key=True).get(pk=award.pk)
        if found := Need.objects.filter(award=award).exclude(state__in=OVER).first():
            return found
        _check_award(award, organisation)
    return _begun(Need(organisation=organisation, asked_by=by, award=award, language=by.language, **_known(award)), by)


@transaction.atomic
def copy(need: Need, *, by: Any) -> Need:
    """Begin a draft that says the same, for its people to look through. Raises Forbidden and Refused."""
    source = locked(need)
    if not by.has_perm("donations.manage_need", source):
        raise Forbidden
    said = {name: getattr(source, name) for name in COPIED}
    made = _begun(Need(organisation=source.organisation, asked_by=by, copied_from=source, **said), by)
    wanted = source.requirements.values("feature", "least", "most", "is_must")
    Requirement.objects.bulk_create(Requirement(need=made, **row) for row in wanted)
    copy_photos(source, made, by=by)
    return made


def _begun(need: Need, by: Any) -> Need:
    """Save a new draft and note it."""
    if need.organisation.state != OrganisationState.VERIFIED:
        sentence = _("We have to verify your organisation before it can state a need. We are on it.")
        raise Refused(Reason("organisation_unverified", sentence))
    if Need.objects.filter(asked_by=by, state=NeedState.DRAFT).count() >= MOST_DRAFTS:
        sentence = _("You have %(most)d drafts of needs. Hand one in or withdraw one first.")
        raise Refused(Reason("too_many", sentence % {"most": MOST_DRAFTS}))
    need.save()
    record(need, "start", by=by, after=need.state, copied_from=need.copied_from_id, award=need.award_id)
    return need


def _check_award(award: Award, organisation: Organisation) -> None:
    if award.organisation_id != organisation.pk:
        raise Refused(Reason("other_organisation", _("This award belongs to another organisation.")))
    if award.kind != AwardKind.NEED or award.state != AwardState.ACTIVE:
        sentence = _("A need can be stated from an award of an equipment call once it is accepted.")
        raise Refused(Reason("no_such_award", sentence))


def _known(award: Award | None) -> dict[str, Any]:
    """What an award's application says already."""
    if award is None or award.application is None:
        return {}
    told = award.application
    return {"title": told.title[:LONGEST_TITLE], "why": told.question[:LONGEST_WHY]}
