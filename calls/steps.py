"""The steps of an application's form: which ones a call has, what each asks, and whether it is complete. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from calls.enums import CallKind

if TYPE_CHECKING:
    from calls.models import Application, Call


@dataclass(frozen=True)
class Step:
    """`fields` are columns of the application that this step writes; `required` those it cannot do without."""

    name: str
    title: Promise
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    is_optional: bool = False
    is_for_hours: bool = False


STEPS = (
    Step("project", _("Your question"), ("title", "question", "language"), ("title", "question")),
    Step(
        "instrument",
        _("Instrument and time"),
        ("instrument", "why_instrument", "minutes_requested"),
        ("instrument", "why_instrument", "minutes_requested"),
        is_for_hours=True,
    ),
    Step("samples", _("Samples and safety"), ("has_samples", "safety_words"), ("has_samples",), is_for_hours=True),
    Step("team", _("Your team"), ("team_words",), ("team_words",)),
    Step("plan", _("Plan for the results"), ("plan",), ("plan",)),
    Step("organisation", _("Organisation and endorsement"), ("organisation",), ("organisation",)),
    Step("files", _("Files"), is_optional=True),
)


def gives_hours(call: "Call") -> bool:
    """Whether what the call gives is time on an instrument."""
    return call.kind == CallKind.REMOTE_ACCESS


def steps_of(call: "Call") -> list[Step]:
    """The steps in the order in which people meet them."""
    return [step for step in STEPS if gives_hours(call) or not step.is_for_hours]


def step_of(call: "Call", name: str) -> Step | None:
    """The step called `name`; None where this call's form has no such step."""
    return next((step for step in steps_of(call) if step.name == name), None)


def after(call: "Call", name: str) -> Step | None:
    """The step that follows `name`; None after the last."""
    names = [step.name for step in steps_of(call)]
    later = steps_of(call)[names.index(name) + 1 :]
    return later[0] if later else None


def blanks(application: "Application", step: Step) -> Sequence[str]:
    """The required columns of a step that say nothing yet."""
    return [name for name in step.required if _is_blank(getattr(application, _column(name)))]


def is_complete(application: "Application", step: Step) -> bool:
    """Said to be done by its people, and nothing required is blank. An optional step is never in the way."""
    return step.is_optional or (application.is_done(step.name) and not blanks(application, step))


def stored(application: "Application", step: Step) -> dict[str, Any]:
    """What the row holds of a step, as JSON: related rows by primary key."""
    return {name: getattr(application, _column(name)) for name in step.fields}


def _column(name: str) -> str:
    return f"{name}_id" if name in ("instrument", "organisation") else name


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (value == 0 and value is not False)
