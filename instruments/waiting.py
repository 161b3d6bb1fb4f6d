"""What waits for staff (proposed instruments) and for operators (their suspended or returned ones)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from instruments.enums import InstrumentState
from instruments.models import Instrument
from portal.accounts.enums import Role
from portal.accounts.standing import roles_of
from portal.core.waiting import Waiting

MOST = 20


def waiting_for(user: Any) -> list[Waiting]:
    """Return at most 20 lines, in a query for operators and one for staff."""
    lines = _of_operator(user) if Role.OPERATOR in roles_of(user) else []
    if user.is_staff:
        proposed = Instrument.objects.filter(state=InstrumentState.PROPOSED).select_related("organisation")
        lines += [_line(_("Vet the instrument %(name)s."), row) for row in proposed.order_by("updated_at")[:MOST]]
    return lines[:MOST]


def _of_operator(user: Any) -> list[Waiting]:
    rows = Instrument.objects.run_by(user).select_related("organisation").order_by("updated_at")
    sentences = {
        InstrumentState.RETURNED: _("Answer what staff ask about %(name)s."),
        InstrumentState.SUSPENDED: _("%(name)s is suspended: resume it when it works again."),
    }
    return [_line(sentences[InstrumentState(row.state)], row) for row in rows.filter(state__in=sentences)[:MOST]]


def _line(sentence: str, instrument: Instrument) -> Waiting:
    return Waiting(
        title=sentence % {"name": instrument.name},
        url=reverse("desk_instruments:detail", args=[instrument.slug]),
        detail=instrument.state_note or str(instrument.organisation),
        when=instrument.updated_at,
    )
