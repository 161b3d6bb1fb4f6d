"""What people who declared an interest are written."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from calls.enums import InterestState
from calls.models import Call, Interest
from portal.core.times import as_zone, zone_name, zone_words
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute

Data = dict[str, Any]


def _interest(data: Data, state: InterestState) -> Interest | None:
    return Interest.objects.filter(pk=data["interest"], state=state).select_related("call").first()


def _to_confirm(data: Data) -> Context | None:
    interest = _interest(data, InterestState.UNCONFIRMED)
    if interest is None:
        return None
    return {"interest": interest, "confirm_url": absolute(reverse("interest:confirm", args=[interest.token]))}


def _known(data: Data) -> Context | None:
    interest = _interest(data, InterestState.ACTIVE)
    if interest is None:
        return None
    return {"interest": interest, "manage_url": absolute(interest.get_absolute_url())}


def _call(data: Data) -> Context | None:
    """The call, while there is still time to apply."""
    call = Call.objects.unclosed_at(timezone.now()).filter(pk=data["call"]).first()
    if call is None:
        return None
    return {
        "call": call,
        "call_url": absolute(call.get_absolute_url()),
        "opens": _on_both_clocks(call.opens_at, call.time_zone),
        "closes": _on_both_clocks(call.closes_at, call.time_zone),
    }


def _on_both_clocks(moment: datetime, zone: str) -> str:
    """The moment on the reader's clock and on the call's, both named; once if they are one."""
    zones = dict.fromkeys([zone_name(timezone.get_current_timezone()), zone])
    return " · ".join(
        f"{date_format(moment.astimezone(as_zone(name)), 'DATETIME_FORMAT')} ({zone_words(name)})" for name in zones
    )


def unsubscribe_url(data: Data) -> str:
    """The address that a mail program posts to, RFC 8058; a person who opens it sees the manage page."""
    return absolute(reverse("unsubscribe", args=[data["token"]]))


CONFIRM_INTEREST = register(Kind("calls.confirm_interest", _to_confirm))
ALREADY_KNOWN = register(Kind("calls.already_known", _known))
CALL_OPEN = register(Kind("calls.call_open", _call, unsubscribe=unsubscribe_url))
CALL_EXTENDED = register(Kind("calls.call_extended", _call, unsubscribe=unsubscribe_url))

SUBSCRIPTIONS = [CALL_OPEN, CALL_EXTENDED]
