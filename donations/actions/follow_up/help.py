"""Staff see to a gift that stands idle."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.actions.moving import locked
from donations.enums import IDLE, FollowUpState
from donations.models import FollowUp
from donations.notices import follow_up as notices
from donations.people import people_of_need, people_of_offer
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.notifications.actions import notify, reader


@transaction.atomic
def help_follow_up(follow_up: FollowUp, words: str, *, by: Any) -> FollowUp:
    """Say what is done about a gift that is not in use, or of which nobody says anything; both sides hear it.

    Raises Forbidden, WrongState, Refused "no_words", "helped_already".
    """
    if not by.has_perm("donations.help_after_follow_up"):
        raise Forbidden
    if not words.strip():
        raise Refused(Reason("no_words", _("Say what is done; the laboratory and the donor read it.")))
    row = locked(follow_up)
    if not (row.state == FollowUpState.SILENT or row.in_use in IDLE):
        raise WrongState("help", row.state)
    if row.helped_at is not None:
        raise Refused(Reason("helped_already", _("Somebody has seen to it in the meantime. Look again.")))
    row.helped_at, row.helped_words = timezone.now(), words.strip()
    row.save(update_fields=["helped_at", "helped_words", "updated_at"])
    record(row, "help", by=by, before=row.state, after=row.state, words=row.helped_words)
    people = {person.pk: person for person in [*people_of_need(row.match.need), *people_of_offer(row.match.offer)]}
    notify(notices.FOLLOW_UP_HELPED, f"follow_up:{row.pk}", map(reader, people.values()), {"follow_up": row.pk})
    return row
