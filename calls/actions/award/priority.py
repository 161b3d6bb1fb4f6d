"""Staff say which awards are served first from the waiting list."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.actions.award.moving import locked
from calls.enums import AwardState
from calls.models import Award
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused

MOST = 9


@transaction.atomic
def set_priority(award: Award, priority: int, *, why: str, by: Any) -> Award:
    """Serve the award before those of lower priority (0 to 9; 0 is what every award begins with).

    Raises Forbidden to all but staff, Refused `no_reason`, `out_of_range`, `no_change` or `award_not_active`.
    """
    if not by.has_perm("calls.prioritise_award", award):
        raise Forbidden
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; it stays in the history.")))
    if not 0 <= priority <= MOST:
        raise Refused(Reason("out_of_range", _("Choose a priority from 0 to %(most)d.") % {"most": MOST}))
    row = locked(award)
    if row.state != AwardState.ACTIVE or not row.is_bookable:
        raise Refused(Reason("award_not_active", _("Only active awards of hours wait for time.")))
    if row.priority == priority:
        raise Refused(Reason("no_change", _("This is the priority it has now.")))
    before, row.priority = row.priority, priority
    row.save(update_fields=["priority", "updated_at"])
    record(row, "prioritise", by=by, before=str(before), after=str(priority), why=why.strip())
    return row
