"""The one lock of this app: the instrument's row FOR UPDATE, looked at again once it is held."""

from typing import Any

from django.utils.translation import gettext as _

from instruments.models import Instrument
from portal.core.errors import Forbidden, Reason, Refused


def lock(instrument: Instrument, permission: str, by: Any) -> Instrument:
    """Return the fresh row, locked until the transaction ends. Raises Forbidden when `by` may not do this to it."""
    fresh = Instrument.objects.lock(instrument.pk)
    permit(by, permission, fresh)
    return fresh


def lock_to_run(instrument: Instrument, by: Any) -> Instrument:
    """The row, locked for a change of how it is run. Raises Refused for an instrument that was refused or retired."""
    fresh = lock(instrument, "run", by)
    if fresh.is_final:
        raise Refused(Reason("final", _("This instrument is no longer offered: nothing of it can be changed.")))
    return fresh


def permit(by: Any, verb: str, instrument: Instrument | None = None) -> None:
    """Raises Forbidden unless the predicate of `verb` lets `by` do it."""
    if not by.has_perm(f"instruments.{verb}_instrument", instrument):
        raise Forbidden
