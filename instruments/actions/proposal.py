"""A laboratory proposes an instrument: begun, and written step by step until it is handed to staff."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from instruments import signals
from instruments.actions.edit import equip, free_address
from instruments.actions.locking import lock
from instruments.actions.operating import ask_to_operate
from instruments.enums import OPEN_PROPOSAL, WRITABLE, InstrumentState
from instruments.models import Instrument, Technique
from instruments.proposal_steps import Step, column, is_translated, stored, turn_to, version_of
from portal.accounts.models import Organisation, User
from portal.audit.actions import record
from portal.core.errors import Conflict, Forbidden, Reason, Refused

MOST_OPEN = 10  # proposals of one person that staff have not answered
OFFER_LENGTH = 3000


def known_of(token: str) -> dict[str, Any]:
    """What an interest with this token says already: institution, offering, techniques; empty where none has it."""
    answers: list[tuple[Any, Any]] = signals.proposal_begins.send(Instrument, token=token) if token else []
    found: dict[str, Any] = next((said for _receiver, said in answers if said), {})
    return found


@transaction.atomic
def begin_proposal(
    *,
    by: User,
    organisation: Organisation,
    name: str,
    language: str,
    techniques: Iterable[Technique] = (),
    proposal: str = "",
) -> Instrument:
    """Create a draft in `language`; who is no operator of the laboratory asks to be one.

    Doing it twice gives the same draft. Raises Forbidden for a laboratory that `by` does not see, Refused `too_many`.
    """
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if not Organisation.objects.visible_to(by).current().filter(pk=organisation.pk).exists():
        raise Forbidden
    own = Instrument.objects.filter(proposed_by=by, state__in=OPEN_PROPOSAL)
    same = own.filter(organisation=organisation, state=InstrumentState.DRAFT, **{f"name_{language}": name}).first()
    if same is not None:
        return same
    if own.count() >= MOST_OPEN:
        raise Refused(Reason("too_many", _("You have ten open proposals. Finish one of them first.")))
    instrument = Instrument(
        slug=free_address(name), organisation=organisation, place=organisation.city, time_zone=organisation.time_zone,
        proposed_by=by, proposal=proposal[:OFFER_LENGTH], **{f"name_{language}": name},
    )  # fmt: skip
    instrument.save()
    instrument.techniques.set(techniques)
    equip(instrument)
    record(instrument, "create", by=by, after=instrument.state)
    ask_to_operate(organisation, by=by)
    return instrument


@transaction.atomic
def save_proposal(
    instrument: Instrument, step: Step, values: Mapping[str, Any], *, version: str, by: User
) -> Instrument:
    """Write fields of a step, techniques as primary keys. `version` is that of the text that was edited.

    Raises Forbidden; Refused once it is handed in, and `translated` for another language of what is in two already;
    Conflict where somebody else saved other words meanwhile. Then nothing is written.
    """
    if unknown := set(values) - set(step.fields):
        raise ValueError(f"step {step.name} has no {sorted(unknown)}")
    fresh = lock(instrument, "write", by)
    if fresh.state not in WRITABLE:
        raise Refused(Reason("handed_in", _("Staff look at it now: it can be changed again when they ask you to.")))
    held = stored(fresh, step)
    changed = {name: value for name, value in values.items() if value != held[name]}
    if not changed:
        return fresh
    if version != version_of(fresh, step):
        raise Conflict(version_of(fresh, step))
    if "language" in changed:
        _turn(fresh, changed["language"])
    # All columns are named before the first is written: a text that is cleared may turn the proposal's language.
    columns = {name: column(fresh, name) for name in changed if name not in ("language", "techniques")}
    for name, place in columns.items():
        setattr(fresh, place, changed[name])
    fresh.save()
    if "techniques" in changed:
        fresh.techniques.set(changed["techniques"])
    record(fresh, "update", by=by, fields=sorted(changed))
    return fresh


def _turn(instrument: Instrument, language: str) -> None:
    """Begun in the wrong language: its texts are in this one."""
    if is_translated(instrument):
        sentence = _("It is written in both languages already. Write to our staff to exchange them.")
        raise Refused(Reason("translated", sentence))
    turn_to(instrument, language)
