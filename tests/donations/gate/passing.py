"""Shared by the tests of the gate: things at it, and checks that let them pass."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from donations.actions.gate import check_point
from donations.checklist import points_of
from portal.audit.actions import history_of
from portal.notifications.models import Notification
from tests.factories.donations import NeedFactory, OfferFactory

NEW = {"public_at": None, "expires_on": None}


def submitted(**fields: Any) -> Any:
    """A need that waits to be verified."""
    return NeedFactory(state="submitted", **NEW, **fields)


def vetting(**fields: Any) -> Any:
    """An offer that waits to be vetted."""
    return OfferFactory(state="vetting", **NEW, **fields)


def passed(thing: Any, by: Any, but: str = "") -> Any:
    """The thing with every point checked, all but one."""
    for point in points_of(thing):
        if point != but:
            check_point(thing, point, "yes", by=by)
    return thing


def told(kind: str) -> set[str]:
    """The addresses that a message of this kind goes to."""
    return set(Notification.objects.filter(kind=f"donations.{kind}").values_list("address", flat=True))


def verbs(row: Any) -> list[str]:
    return [entry.verb for entry in history_of(row)][::-1]


def in_days(number: int) -> Any:
    return timezone.now() + timedelta(days=number)
