"""The sections of an offer's form: what each asks, and what has to be said before it is handed in. Pure."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.enums import Answer, Condition, Giving
from donations.offer_bounds import contradictions
from donations.steps import Step, stored

if TYPE_CHECKING:
    from donations.models import Offer


Lacks = Iterator[tuple[str, str]]


def lacks_of(offer: "Offer", step: str) -> Lacks:
    """What else a section has to say, given its other answers, as (column, sentence)."""
    return LACKS[step](offer) if step in LACKS else iter(())


def _condition(offer: "Offer") -> Lacks:
    if offer.condition == Condition.FAULTY and not offer.faults.strip():
        yield "faults", _("Say which faults are known.")


def _test(offer: "Offer") -> Lacks:
    """Used equipment that nobody has tested is waste to customs; what was never used needs no test."""
    if offer.condition != Condition.NEW and offer.tested_on is None:
        sentence = _(
            "Say when it was last tested and worked: without a functional test used equipment counts as waste."
        )
        yield "tested_on", sentence
    if offer.condition != Condition.NEW and not offer.test_method.strip():
        yield "test_method", _("Say how it was tested.")
    if offer.decontaminated == Answer.NO:
        yield "decontaminated", _("It has to be decontaminated before it can be given away.")
    if offer.decontaminated == Answer.YES and not offer.decontaminated_how.strip():
        yield "decontaminated_how", _("Say how it was decontaminated.")
    if offer.data_wiped == Answer.NO:
        yield "data_wiped", _("Data have to be wiped from it before it can be given away.")


def _supply(offer: "Offer") -> Lacks:
    if not offer.needs_mains:
        return
    for name in ("voltage_low", "voltage_high"):
        if getattr(offer, name) is None:
            yield name, _("Say for which voltages it is made; the plate on its back says so.")
            break
    if not offer.frequencies:
        yield "frequencies", _("Say for which mains frequencies it is made.")


def _extras(offer: "Offer") -> Lacks:
    if offer.has_manuals and not offer.manual_languages:
        yield "manual_languages", _("Say in which languages the manuals are.")


def _place(offer: "Offer") -> Lacks:
    yield from contradictions({"available_from": offer.available_from, "available_until": offer.available_until})
    if offer.giving == Giving.LOAN and not offer.loan_months:
        yield "loan_months", _("Say for how many months you lend it.")


def _rights(offer: "Offer") -> Lacks:
    if not offer.is_owner:
        yield "is_owner", _("Confirm that you may give it away.")


LACKS: dict[str, Callable[["Offer"], Lacks]] = {
    "condition": _condition,
    "test": _test,
    "supply": _supply,
    "extras": _extras,
    "place": _place,
    "rights": _rights,
}


def _checked(step: str) -> Callable[[Any], list[str]]:
    return lambda offer: [sentence for _column, sentence in lacks_of(offer, step)]


STEPS = (
    Step(
        "thing",
        gettext_lazy("What it is"),
        ("category", "title", "maker", "model", "serials", "year", "quantity", "language"),
        ("category", "title"),
    ),
    Step(
        "condition",
        gettext_lazy("Condition and what it can do"),
        ("condition", "last_used_on", "faults", "description"),
        ("condition",),
        check=_checked("condition"),
    ),
    Step(
        "test",
        gettext_lazy("Test and cleaning"),
        ("tested_on", "test_method", "decontaminated", "decontaminated_how", "data_wiped"),
        ("decontaminated", "data_wiped"),
        check=_checked("test"),
    ),
    Step(
        "supply",
        gettext_lazy("Mains, weight and size"),
        ("needs_mains", "voltage_low", "voltage_high", "frequencies", "plug", "power_watts", "weight_kg", "length_cm",
         "width_cm", "height_cm"),
        ("weight_kg",),
        check=_checked("supply"),
    ),
    Step(
        "extras",
        gettext_lazy("What comes with it"),
        ("consumables", "spares", "has_manuals", "manual_languages", "software", "gives_training", "training_words"),
        is_optional=True,
        check=_checked("extras"),
    ),
    Step("photos", gettext_lazy("Photographs"), is_optional=True),
    Step("papers", gettext_lazy("Certificates and papers"), is_optional=True),
    Step(
        "place",
        gettext_lazy("Where it is, until when, and on what terms"),
        ("country", "city", "pick_up", "available_from", "available_until", "giving", "loan_months", "freight",
         "countries"),
        ("country", "city", "pick_up"),
        check=_checked("place"),
    ),
    Step(
        "rights",
        gettext_lazy("Value, ownership and export"),
        ("organisation", "is_owner", "value_eur", "running_eur", "export_class", "end_use"),
        ("value_eur", "running_eur"),
        check=_checked("rights"),
    ),
)  # fmt: skip
NAMES = tuple(step.name for step in STEPS)
PREFILLED = ("language", "quantity", "needs_mains", "giving", "freight", "has_manuals", "gives_training", "is_owner")


def is_begun(offer: "Offer", step: Step) -> bool:
    """Whether a section says more than a new draft does."""
    said: dict[str, Any] = stored(offer, step)
    return any(value not in (None, "", []) for name, value in said.items() if name not in PREFILLED)
