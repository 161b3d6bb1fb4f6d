"""What people who declared an interest are written."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from calls.enums import CallState, InterestState
from calls.models import Call, Interest
from calls.notices.about import about_call
from instruments.models import Instrument
from portal.notifications.kinds import KINDS, Context, Kind, register
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
    return about_call(call)


def _taken_back(data: Data) -> Context | None:
    call = Call.objects.filter(pk=data["call"], state=CallState.WITHDRAWN).first()
    return about_call(call) if call else None


def _instrument(data: Data) -> Context | None:
    """The instrument, while it takes bookings."""
    instrument = Instrument.objects.listed().select_related("organisation").filter(pk=data["instrument"]).first()
    return instrument and {"instrument": instrument, "url": absolute(instrument.get_absolute_url())}


def unsubscribe_url(data: Data) -> str:
    """The address that a mail program posts to, RFC 8058; a person who opens it sees the manage page."""
    return absolute(reverse("unsubscribe", args=[data["token"]]))


def _news(name: str, context: Callable[[Data], Context | None]) -> Kind:
    """News of a call, of which a digest says the newest."""
    return Kind(name, context, unsubscribe=unsubscribe_url, has_part=True, about=lambda data: f"call:{data['call']}")


CONFIRM_INTEREST = register(Kind("calls.confirm_interest", _to_confirm))
ALREADY_KNOWN = register(Kind("calls.already_known", _known))
CALL_OPEN = register(_news("calls.call_open", _call))
CALL_EXTENDED = register(_news("calls.call_extended", _call))
CALL_CLOSING = register(Kind("calls.call_closing", _call, unsubscribe=unsubscribe_url))  # too late for a digest
CALL_TAKEN_BACK = register(_news("calls.call_taken_back", _taken_back))
INSTRUMENT_LISTED = register(Kind("calls.instrument_listed", _instrument, unsubscribe=unsubscribe_url, has_part=True))


def subscriptions() -> list[Kind]:
    """Every kind of news that an interest brings, those of higher apps too."""
    return [kind for kind in KINDS.values() if kind.unsubscribe is unsubscribe_url]
