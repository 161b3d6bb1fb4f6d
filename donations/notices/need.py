"""Messages about needs that come to the end of their year."""

from typing import Any

from donations.enums import NeedState
from donations.models import Need
from portal.core.dates import date_format
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *states: NeedState) -> Context | None:
    """What the words need; None when the need has left the states in which the message makes sense."""
    need = Need.objects.for_list().filter(pk=data["need"]).first()
    if need is None or (states and need.state not in states):
        return None
    return {
        "need": need,
        "url": absolute(need.get_absolute_url()),
        "until": date_format(need.expires_on) if need.expires_on else "",
    }


def _while_open(data: dict[str, Any]) -> Context | None:
    return _about(data, NeedState.OPEN)


NEED_EXPIRING = register(Kind("donations.need_expiring", _while_open))
NEED_EXPIRED = register(Kind("donations.need_expired", _about))
