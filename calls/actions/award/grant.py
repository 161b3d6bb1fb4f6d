"""Offer somebody an award by hand."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from calls import notices
from calls.actions.offers import ANSWER_WITHIN, memberships_of, reasons_against, write_offers
from calls.enums import AwardKind
from calls.models import Award, Call
from instruments.models import Instrument
from portal.accounts.models import Organisation, User
from portal.core.errors import Forbidden, Refused
from portal.notifications.actions import notify, reader


@transaction.atomic
def grant_award(
    *,
    holder: User,
    organisation: Organisation,
    valid_from: date,
    valid_until: date,
    title: str,
    by: Any,
    kind: str = AwardKind.HOURS,
    instrument: Instrument | None = None,
    minutes: int = 0,
    call: Call | None = None,
    answer_by: datetime | None = None,
    members: Collection[User] = (),
) -> Award:
    """Offer `holder` `minutes` on `instrument`, a place or a need, to be answered until `answer_by` (14 days).

    Raises Refused with every reason at once: no_hours, days, already_over, answer_by, no_instrument,
    instrument_not_listed, organisation_not_verified, holder_elsewhere.
    """
    if not by.has_perm("calls.grant_award"):
        raise Forbidden
    award = Award(
        kind=kind,
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
    if reasons := reasons_against(award, memberships_of([award])):
        raise Refused(*reasons)
    write_offers([award], {award.ref: members}, by=by)
    notify(notices.AWARD_OFFERED, f"award:{award.pk}", [reader(holder)], {"award": award.pk})
    return award
