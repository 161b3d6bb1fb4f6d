"""Hand a need in, or hand it in again after staff sent it back."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.actions.moving import locked, move
from donations.enums import NeedState
from donations.models import Need
from donations.need_steps import STEPS
from donations.states import NEED_MOVES
from donations.steps import missing
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state


@transaction.atomic
def hand_in(need: Need, *, by: Any) -> Need:
    """Give a draft or a returned need to staff; twice is once.

    Raises Forbidden, WrongState, and Refused with the name of a section as code for everything that is missing, or
    `too_late` when the day to answer has passed.
    """
    row = locked(need)
    if not by.has_perm("donations.manage_need", row):
        raise Forbidden
    if row.state == NeedState.SUBMITTED:
        return row
    verb = "resubmit" if row.state == NeedState.RETURNED else "submit"
    next_state(NEED_MOVES, verb, row.state)
    if row.state == NeedState.RETURNED and row.answer_by is not None and row.answer_by <= timezone.now():
        raise Refused(Reason("too_late", _("The time to answer has passed. Copy the need and hand in the copy.")))
    if lacking := missing(row, STEPS):
        raise Refused(*[Reason(step.name, sentence) for step, sentence in lacking])
    row.submitted_at, row.answer_by = timezone.now(), None
    return move(row, verb, by=by, fields=["submitted_at", "answer_by"])
