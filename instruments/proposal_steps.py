"""What a laboratory is asked when it proposes an instrument: a page for each step. Pure.

Who proposes writes in one language; which one is read from the texts, and `language` stands for it among the fields of
the first step: to choose another takes all texts there. Staff add the other before the instrument is listed.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from instruments.versions import digest

TEXTS = ("name", "summary", "description", "sample_requirements", "specifications")  # a column for each language


@dataclass(frozen=True)
class Step:
    """`fields` are what it writes, `required` those that it cannot do without."""

    name: str
    title: Promise
    fields: tuple[str, ...]
    required: tuple[str, ...]


STEPS = (
    Step(
        "instrument",
        gettext_lazy("The instrument"),
        ("name", "language", "techniques", "maker", "model", "access_mode", "place", "time_zone"),
        ("name", "language", "techniques", "access_mode", "place", "time_zone"),
    ),
    Step(
        "samples",
        gettext_lazy("Samples and specifications"),
        ("summary", "sample_requirements", "specifications", "description"),
        ("summary", "sample_requirements"),
    ),
    Step("offer", gettext_lazy("What your laboratory offers"), ("proposal",), ("proposal",)),
)


def named(name: str) -> Step | None:
    """The step called `name`; None where there is none."""
    return next((step for step in STEPS if step.name == name), None)


def after(step: Step) -> Step | None:
    """The step that follows; None after the last."""
    return next(iter(STEPS[STEPS.index(step) + 1 :]), None)


def language_of(instrument: Any) -> str:
    """The language that its proposal is written in: the one with most texts, the reader's where two have as many."""
    own = get_language()

    def texts(code: str) -> int:
        return sum(bool(getattr(instrument, f"{name}_{code}", None)) for name in TEXTS)

    return max((code for code, _name in settings.LANGUAGES), key=lambda code: (texts(code), code == own))


def is_translated(instrument: Any) -> bool:
    """Whether it says something in more than one language: then neither is taken for the other any more."""
    written = [any(getattr(instrument, f"{name}_{code}", None) for name in TEXTS) for code, _name in settings.LANGUAGES]
    return sum(written) > 1


def turn_to(instrument: Any, language: str) -> None:
    """Take the texts of a row that is in one language, and not saved here, for texts in another."""
    own = language_of(instrument)
    for name in TEXTS:
        setattr(instrument, f"{name}_{language}", getattr(instrument, f"{name}_{own}"))
        setattr(instrument, f"{name}_{own}", None)


def column(instrument: Any, name: str) -> str:
    """The attribute that holds a field: `summary_fr` of `summary` where the proposal is in French."""
    return f"{name}_{language_of(instrument)}" if name in TEXTS else name


def stored(instrument: Any, step: Step) -> dict[str, Any]:
    """What the row holds of a step: techniques as sorted primary keys, all else as text."""
    held = [name for name in step.fields if name not in ("language", "techniques")]
    found = {name: getattr(instrument, column(instrument, name)) or "" for name in held}
    if "language" in step.fields:
        found["language"] = language_of(instrument)
    if "techniques" in step.fields:
        found["techniques"] = sorted(technique.pk for technique in instrument.techniques.all())
    return found


def version_of(instrument: Any, step: Step) -> str:
    """What a form of this step carries, so that nobody is overwritten."""
    return digest(stored(instrument, step))


def blanks(instrument: Any, step: Step) -> list[str]:
    """The required fields of a step that say nothing yet."""
    held = stored(instrument, step)
    return [name for name in step.required if not (held[name].strip() if isinstance(held[name], str) else held[name])]


def missing(instrument: Any) -> list[tuple[Step, str]]:
    """What stands between a draft and its being sent: pairs of the step and a sentence. None: complete."""
    field = instrument._meta.get_field
    found = [(step, [str(field(name).verbose_name) for name in blanks(instrument, step)]) for step in STEPS]
    sentence = _("%(section)s: still to say: %(names)s.")
    return [(step, sentence % {"section": step.title, "names": ", ".join(names)}) for step, names in found if names]
