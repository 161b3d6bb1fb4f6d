"""Messages about awards."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from calls.enums import AwardState
from calls.models import Award
from portal.core.times import clock_text, day_text, zone_words
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *states: AwardState) -> Context | None:
    """What the words need; None when the award has left the states in which the message makes sense."""
    award = Award.objects.select_related("instrument", "organisation", "holder").filter(pk=data["award"]).first()
    if award is None or (states and award.state not in states):
        return None
    return {
        "award": award,
        "url": absolute(award.get_absolute_url()),
        "why": data.get("why", ""),
        "answer_by": award.answer_by and _in_words(award.answer_by),
    }


def _in_words(moment: datetime) -> str:
    """`Monday 22 March 2027, 14:05 (Nairobi time)` on the clock of the reader, whose zone is the active one."""
    zone = timezone.get_current_timezone()
    return f"{day_text(moment)}, {clock_text(moment, zone)} ({zone_words(zone)})"


def _while_offered(data: dict[str, Any]) -> Context | None:
    return _about(data, AwardState.OFFERED)


def _while_active(data: dict[str, Any]) -> Context | None:
    return _about(data, AwardState.ACTIVE)


def _while_ended(data: dict[str, Any]) -> Context | None:
    return _about(data, AwardState.ENDED)


def _while_open(data: dict[str, Any]) -> Context | None:
    return _about(data, AwardState.OFFERED, AwardState.ACTIVE)


AWARD_OFFERED = register(Kind("calls.award_offered", _while_offered))
AWARD_ACCEPTED = register(Kind("calls.award_accepted", _while_active))
AWARD_SHARED = register(Kind("calls.award_shared", _while_open))
AWARD_REVOKED = register(Kind("calls.award_revoked", _about))
AWARD_EXPIRING = register(Kind("calls.award_expiring", _while_active))
AWARD_REPORT_DUE = register(Kind("calls.award_report_due", _while_ended))
AWARD_REPORT_OVERDUE = register(Kind("calls.award_report_overdue", _while_ended))
