"""Write a need or an offer, section by section. What the server holds is the truth; nobody overwrites anybody."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from donations.actions.moving import locked
from donations.models import Need, Offer
from donations.steps import Step, stored, version_of
from portal.audit.actions import record
from portal.core.errors import Conflict, Forbidden

T = TypeVar("T", bound=Need | Offer)


def may_write(thing: Need | Offer, person: Any) -> bool:
    """Whether `person` may write in this draft, or in what staff sent back."""
    return bool(person.has_perm(f"donations.write_{thing._meta.model_name}", thing))


@transaction.atomic
def save_section(
    thing: T,
    step: Step,
    fields: dict[str, Any],
    *,
    version: int,
    by: Any,
    done: bool | None = True,
    beside: Callable[[T], bool] | None = None,
) -> T:
    """Write columns of a section. `version` is that of the text which was edited (`steps.version_of`).

    `done`: what its people say of the section; None leaves that as it is (saved while typing). `beside` writes rows
    that belong to the section, such as requirements, and says whether it changed any. Raises Forbidden, and Conflict
    where somebody else saved other words meanwhile; then nothing is written.
    """
    if unknown := set(fields) - set(step.fields):
        raise ValueError(f"section {step.name} has no {sorted(unknown)}")
    row = locked(thing)
    if not may_write(row, by):
        raise Forbidden
    kept = stored(row, step)
    for name, value in fields.items():
        setattr(row, name, value)
    now = stored(row, step)
    changed = [name for name in fields if now[name] != kept[name]]
    is_other = beside(row) if beside is not None else False
    if (changed or is_other) and version != version_of(row, step.name):
        raise Conflict(version_of(row, step.name))
    if changed or is_other or done not in (None, row.is_done(step.name)):
        _write(row, step, by=by, done=done, changed=changed)
    return row


@transaction.atomic
def touch_section(thing: T, step: Step, *, by: Any, done: bool | None = None) -> T:
    """Note that something beside the columns of a section changed: a photograph, a paper. Raises Forbidden."""
    row = locked(thing)
    if not may_write(row, by):
        raise Forbidden
    _write(row, step, by=by, done=done, changed=[])
    return row


def _write(row: Any, step: Step, *, by: Any, done: bool | None, changed: list[str]) -> None:
    """Save a locked row with the next version of a section; the history gets a line a Continue, not a keystroke."""
    what: dict[str, Any] = {"version": version_of(row, step.name) + 1, "by": by.pk, "at": timezone.now().isoformat()}
    if done is not None:
        what["done"] = done
    row.steps = row.steps | {step.name: row.steps.get(step.name, {}) | what}
    row.save(update_fields=["steps", "updated_at", *changed])
    if done is not None:
        record(row, "save", by=by, section=step.name, version=what["version"], fields=changed)
