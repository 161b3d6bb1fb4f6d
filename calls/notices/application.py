"""Messages about applications, to those who write them and to staff who asked for changes."""

from typing import Any

from django.utils import timezone

from calls.enums import ApplicationState
from calls.models import Application
from calls.states import JUDGED
from portal.core.times import clock_text, day_text, zone_words
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *states: ApplicationState) -> Context | None:
    """What the words need; None when the application has left the states in which the message makes sense."""
    row = Application.objects.for_list().filter(pk=data["application"]).first()
    if row is None or (states and row.state not in states):
        return None
    zone = timezone.get_current_timezone()
    moments = {"submitted": row.submitted_at, "answer_by": row.answer_by}
    words = {
        name: moment and f"{day_text(moment)}, {clock_text(moment, zone)} ({zone_words(zone)})"
        for name, moment in moments.items()
    }
    url = absolute(row.get_absolute_url())
    return {"application": row, "call": row.call, "url": url, "why": data.get("why", ""), **words}


def _returned(data: dict[str, Any]) -> Context | None:
    return _about(data, ApplicationState.RETURNED)


def _answered(data: dict[str, Any]) -> Context | None:
    return _about(data, *JUDGED)


APPLICATION_SUBMITTED = register(Kind("calls.application_submitted", _about))  # a receipt: said whatever came since
APPLICATION_RETURNED = register(Kind("calls.application_returned", _returned))
APPLICATION_ANSWERED = register(Kind("calls.application_answered", _answered))
APPLICATION_WITHDRAWN = register(Kind("calls.application_withdrawn", _about))
APPLICATION_LAPSED = register(Kind("calls.application_lapsed", _about))
