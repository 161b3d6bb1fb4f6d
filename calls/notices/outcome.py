"""Messages about what became of an application, and of who stepped up from the reserve list."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from calls.enums import ApplicationState as P
from calls.models import Application
from portal.core.times import clock_text, day_text, zone_words
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], state: P) -> Context | None:
    """What the words need; None when the application has moved on since."""
    rows = Application.objects.select_related("call", "award__instrument", "award__organisation")
    application = rows.filter(pk=data["application"]).first()
    if application is None or application.state != state:
        return None
    award = getattr(application, "award", None)
    return {
        "application": application,
        "call": application.call,
        "title": application.title or application.call.title,
        "award": award,
        "note": application.decision_note,
        "reviews": application.words_of_reviewers,
        "url": absolute((award or application).get_absolute_url()),
        "answer_by": award and award.answer_by and _in_words(award.answer_by),
    }


def _in_words(moment: datetime) -> str:
    """The moment on the clock of the reader, whose zone is the active one."""
    zone = timezone.get_current_timezone()
    return f"{day_text(moment)}, {clock_text(moment, zone)} ({zone_words(zone)})"


OUTCOME_AWARDED = register(Kind("calls.outcome_awarded", lambda data: _about(data, P.AWARDED)))
OUTCOME_STEPPED_UP = register(Kind("calls.outcome_stepped_up", lambda data: _about(data, P.AWARDED)))
OUTCOME_RESERVED = register(Kind("calls.outcome_reserved", lambda data: _about(data, P.RESERVED)))
OUTCOME_DECLINED = register(Kind("calls.outcome_declined", lambda data: _about(data, P.DECLINED)))
OUTCOME_LAPSED = register(Kind("calls.outcome_lapsed", lambda data: _about(data, P.LAPSED)))
