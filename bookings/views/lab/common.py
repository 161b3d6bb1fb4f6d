"""What the laboratory's pages share: whose they are, and what is read for them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied

from instruments.models import Instrument, Unit
from instruments.querysets import InstrumentQuerySet
from portal.accounts.requests import SignedInRequest


def instruments_run(request: SignedInRequest) -> InstrumentQuerySet:
    """The instruments of the reader's laboratories, of every one for staff; 403 for those who run none."""
    run = Instrument.objects.managed_by(request.user)
    if not request.user.is_staff and not run.exists():
        raise PermissionDenied
    return run.select_related("organisation").order_by("name", "pk")


def units_of(instruments: Any) -> list[int]:
    """All units of these instruments, those out of service too: they may still be booked."""
    rows = Unit.objects.filter(instrument__in=instruments).order_by()
    return list(rows.values_list("pk", flat=True))


def pks(rows: Iterable[Any]) -> list[int]:
    return [row.pk for row in rows]
