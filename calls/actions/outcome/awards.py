"""From an application to the award it is given: which kind, from when until when, and with whom."""

from datetime import date, datetime, timedelta
from typing import cast

from django.utils.translation import gettext as _

from calls.actions.offers import ANSWER_WITHIN
from calls.enums import AwardKind, CallKind
from calls.models import Application, Award, Call
from portal.accounts.models import Organisation, User
from portal.core.errors import Reason

USED_WITHIN = timedelta(days=365)  # of awards of calls that name no days of use
KINDS = {
    CallKind.REMOTE_ACCESS: AwardKind.HOURS,
    CallKind.TRAINING: AwardKind.PLACE,
    CallKind.EQUIPMENT: AwardKind.NEED,
    CallKind.OTHER: AwardKind.PLACE,
}


def kind_for(call: Call) -> AwardKind:
    """What an application to the call is given; of a call of no certain kind, a place."""
    return KINDS[CallKind(call.kind)]


def missing_for_award(call: Call, application: Application, minutes: int | None) -> list[Reason]:
    """What an award to this application would lack, each a sentence; empty when nothing."""
    checks = [(application.organisation_id is not None, "no_organisation", _("It names no organisation."))]
    if kind_for(call) == AwardKind.HOURS:
        checks += [
            (application.instrument_id is not None, "no_instrument", _("It names no instrument.")),
            (bool(minutes), "no_hours", _("Enter the hours it is given, more than zero.")),
        ]
    return [Reason(code, sentence) for is_fine, code, sentence in checks if not is_fine]


def draft_award(call: Call, application: Application, now: datetime) -> Award:
    """An award of `application`, not yet written; `missing_for_award` must be empty."""
    kind = kind_for(call)
    minutes = application.minutes_decided or 0 if kind == AwardKind.HOURS else 0
    first, last = days_of_use(call, now)
    return Award(
        call=call,
        application=application,
        kind=kind,
        title=application.title or call.title,
        holder=application.applicant,
        organisation=cast(Organisation, application.organisation),
        instrument=application.instrument if kind == AwardKind.HOURS else None,
        granted_minutes=minutes,
        balance_minutes=minutes,
        valid_from=first,
        valid_until=last,
        answer_by=now + ANSWER_WITHIN,
    )


def days_of_use(call: Call, now: datetime) -> tuple[date, date]:
    """First and last day of awards given now: the call's, else a year from today on the call's clock."""
    today = now.astimezone(call.zone).date()
    first = call.use_from or (min(today, call.use_until) if call.use_until else today)
    return first, call.use_until or max(today, first) + USED_WITHIN


def team_of(application: Application) -> list[User]:
    """Who takes part in its award beside the applicant: the co-applicants who accepted, as prefetched."""
    return [member.user for member in application.team.all() if member.user is not None]
