"""Telling people whom a call or an instrument speaks to; each function is one statement, however many they are."""

from django.db import transaction
from django.utils import timezone

from calls.matching import InterestQuerySet, about_instrument
from calls.models import Call, Interest
from calls.notices.interest import CALL_EXTENDED, CALL_OPEN, CALL_TAKEN_BACK, INSTRUMENT_LISTED
from instruments.models import Instrument
from portal.accounts.models import User
from portal.audit.actions import record
from portal.notifications.fanout import notify_all


@transaction.atomic
def announce(call: Call, *, by: User | None = None) -> int:
    """Write to everybody whom a published call speaks to; return how many messages are new.

    An upcoming call is announced when it is published, and once more when it opens: to those who wait for this very
    call, and to those who came in between. Calling it again at any time is safe: nobody is told the same twice.
    """
    now = timezone.now()
    if not Call.objects.to_announce(now).select_for_update().filter(pk=call.pk).exists():
        return 0
    call.refresh_from_db(fields=["announced_at"])
    told = _announce_opening(call) if call.announced_at else _announce_to(Interest.objects.matching(call), call)
    call.announced_at = now
    call.save(update_fields=["announced_at", "updated_at"])
    record(call, "announce", by=by, before=call.state, after=call.state, told=told)
    return told


def _announce_opening(call: Call) -> int:
    waiting = Interest.objects.active().filter(call=call)
    told = notify_all(CALL_OPEN, f"call:{call.pk}:opened", waiting, {"call": call.pk})
    return told + _announce_to(Interest.objects.matching(call).at_other_addresses_than(waiting), call)


def _announce_to(readers: InterestQuerySet, call: Call) -> int:
    return notify_all(CALL_OPEN, f"call:{call.pk}", readers, {"call": call.pk})


def tell_extended(call: Call, readers: InterestQuerySet | None = None) -> int:
    """Write to `readers`, or to all whom it speaks to, that `call` now closes later; return how many were new.

    Call it in the deed's transaction.
    """
    key = f"call:{call.pk}:{call.closes_at.isoformat()}"
    listeners = Interest.objects.matching(call) if readers is None else readers
    return notify_all(CALL_EXTENDED, key, listeners, {"call": call.pk})


def tell_withdrawn(call: Call, readers: InterestQuerySet) -> int:
    """Write to `readers` that `call`, which was announced, is withdrawn; return how many messages are new."""
    if call.announced_at is None:
        return 0
    return notify_all(CALL_TAKEN_BACK, f"call:{call.pk}", readers, {"call": call.pk})


def tell_listed(instrument: Instrument) -> int:
    """Write to those who need access that `instrument` is there; return how many messages are new."""
    readers = Interest.objects.hearing(about_instrument(instrument))
    return notify_all(INSTRUMENT_LISTED, f"instrument:{instrument.pk}", readers, {"instrument": instrument.pk})


def count_for(call: Call) -> int:
    """Return how many addresses `call` would be announced to."""
    return Interest.objects.matching(call).addresses()
