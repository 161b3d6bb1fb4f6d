"""What people with a draft or an application are written about their call; and the link of a late access."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from calls.models import Call, LateAccess
from calls.notices.about import about_call, on_both_clocks
from portal.notifications.kinds import PERSONAL, Context, Kind, register
from portal.notifications.links import absolute

Data = dict[str, Any]


def _any(data: Data) -> Context | None:
    """The call, whatever became of it."""
    call = Call.objects.filter(pk=data["call"]).first()
    return about_call(call) if call else None


def _unclosed(data: Data) -> Context | None:
    """The call, while there is still time to hand in."""
    call = Call.objects.unclosed_at(timezone.now()).filter(pk=data["call"]).first()
    return about_call(call) if call else None


def _own_application(data: Data) -> dict[str, str]:
    """The reader's application, whose reference is what differs between readers."""
    return {"application_url": absolute(reverse("applications:detail", args=[data[PERSONAL]]))}


def _late(data: Data) -> Context | None:
    """The leave, until somebody took it, it is over or taken back."""
    found = LateAccess.objects.select_related("call").filter(pk=data["lateaccess"], user=None).first()
    if found is None or found.until <= timezone.now():
        return None
    return about_call(found.call) | {
        "until": on_both_clocks(found.until, found.call.time_zone),
        "late_url": absolute(reverse("calls:late", args=[found.call.slug, found.token])),
    }


def _for_staff(data: Data) -> Context | None:
    """The call on the desk, with the reason that somebody gave."""
    call = Call.objects.select_related("training").filter(pk=data["call"]).first()
    if call is None:
        return None
    desk_url = absolute(reverse("desk_calls:call", args=[call.slug]))
    return about_call(call) | {"why": data["why"], "desk_url": desk_url}


CALL_WITHDRAWN = register(Kind("calls.call_withdrawn", _any, personal=_own_application))
DRAFT_EXTENDED = register(Kind("calls.call_draft_extended", _unclosed, personal=_own_application))
DRAFT_UNFINISHED = register(Kind("calls.call_draft_unfinished", _unclosed, personal=_own_application))
CALL_TRAINING_CANCELLED = register(Kind("calls.call_training_cancelled", _for_staff))
LATE_ACCESS = register(Kind("calls.late_access", _late))
