"""Sections of a need's and of an offer's form: what each asks, and whether it is complete. Pure.

Which sections there are say `donations.need_steps.STEPS` and `donations.offer_steps.STEPS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _


def nothing(thing: Any) -> list[str]:
    return []


@dataclass(frozen=True)
class Step:
    """`fields` are columns that this section writes, `required` those it cannot do without.

    `check` says in sentences what else is missing, such as a number that another answer asks for. An optional
    section is complete as it is, except for what its `check` says.
    """

    name: str
    title: Promise
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    is_optional: bool = False
    check: Callable[[Any], list[str]] = nothing


def named(steps: Sequence[Step], name: str) -> Step | None:
    """The section called `name`; None where there is none."""
    return next((step for step in steps if step.name == name), None)


def after(steps: Sequence[Step], name: str) -> Step | None:
    """The section that follows `name`; None after the last."""
    names = [step.name for step in steps]
    return next(iter(steps[names.index(name) + 1 :]), None)


def blanks(thing: Any, step: Step) -> list[str]:
    """The required columns of a section that say nothing yet."""
    return [name for name in step.required if is_blank(getattr(thing, column(thing, name)))]


def is_complete(thing: Any, step: Step) -> bool:
    """Said to be done by its people, and nothing is missing."""
    return (step.is_optional or thing.is_done(step.name)) and not blanks(thing, step) and not step.check(thing)


def missing(thing: Any, steps: Sequence[Step]) -> list[tuple[Step, str]]:
    """What stands between a draft and its being handed in: pairs of the section and a sentence. None: complete."""
    found: list[tuple[Step, str]] = []
    for step in steps:
        empty = ", ".join(str(thing._meta.get_field(name).verbose_name) for name in blanks(thing, step))
        words = [_("%(section)s: still to say: %(names)s.") % {"section": step.title, "names": empty}] if empty else []
        words += step.check(thing)
        if not words and not step.is_optional and not thing.is_done(step.name):
            words = [_("%(section)s: look at this section and save it.") % {"section": step.title}]
        found += [(step, sentence) for sentence in words]
    return found


def stored(thing: Any, step: Step) -> dict[str, Any]:
    """What the row holds of a section, as its columns: related rows by primary key."""
    return {name: getattr(thing, column(thing, name)) for name in step.fields}


def version_of(thing: Any, step: str) -> int:
    """How often a section was saved; what somebody edits carries it, so that nobody is overwritten."""
    return int(thing.steps.get(step, {}).get("version", 0))


def column(thing: Any, name: str) -> str:
    """The attribute that holds the value itself: `category_id` of `category`."""
    return str(thing._meta.get_field(name).attname)


def is_blank(value: Any) -> bool:
    """Nothing said. Zero is an answer, and so is No."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == []
