"""The sections of an offer's form: what each asks, and what has to be said before it is handed in. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.enums import Answer, Condition, Giving
from donations.offer_bounds import contradictions
from donations.steps import Step, stored

if TYPE_CHECKING:
    from donations.models import Offer


def _condition(offer: "Offer") -> list[str]:
    if offer.condition == Condition.FAULTY and not offer.faults.strip():
        return [_("Say which faults are known.")]
    return []


def _test(offer: "Offer") -> list[str]:
    """Used equipment that nobody has tested is waste to customs; what was never used needs no test."""
    return [*_tested(offer), *_clean(offer)]


def _tested(offer: "Offer") -> Iterator[str]:
    if offer.condition == Condition.NEW:
        return
    if offer.tested_on is None:
        yield _("Say when it was last tested and worked: without a functional test used equipment counts as waste.")
    if not offer.test_method.strip():
        yield _("Say how it was tested.")


def _clean(offer: "Offer") -> Iterator[str]:
    if offer.decontaminated == Answer.NO:
        yield _("It has to be decontaminated before it can be given away.")
    if offer.decontaminated == Answer.YES and not offer.decontaminated_how.strip():
        yield _("Say how it was decontaminated.")
    if offer.data_wiped == Answer.NO:
        yield _("Data have to be wiped from it before it can be given away.")


def _supply(offer: "Offer") -> list[str]:
    if not offer.needs_mains:
        return []
    sentences = []
    if offer.voltage_low is None or offer.voltage_high is None:
        sentences.append(_("Say for which voltages it is made; the plate on its back says so."))
    if not offer.frequencies:
        sentences.append(_("Say for which mains frequencies it is made."))
    return sentences


def _beside(offer: "Offer") -> list[str]:
    if offer.has_manuals and not offer.manual_languages:
        return [_("Say in which languages the manuals are.")]
    return []


def _place(offer: "Offer") -> list[str]:
    days = {"available_from": offer.available_from, "available_until": offer.available_until}
    sentences = [sentence for _field, sentence in contradictions(days)]
    if offer.giving == Giving.LOAN and not offer.loan_months:
        sentences.append(_("Say for how many months you lend it."))
    return sentences


def _rights(offer: "Offer") -> list[str]:
    return [] if offer.is_owner else [_("Confirm that you may give it away.")]


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
        check=_condition,
    ),
    Step(
        "test",
        gettext_lazy("Test and cleaning"),
        ("tested_on", "test_method", "decontaminated", "decontaminated_how", "data_wiped"),
        ("decontaminated", "data_wiped"),
        check=_test,
    ),
    Step(
        "supply",
        gettext_lazy("Mains, weight and size"),
        ("needs_mains", "voltage_low", "voltage_high", "frequencies", "plug", "power_watts", "weight_kg", "length_cm",
         "width_cm", "height_cm"),
        ("weight_kg",),
        check=_supply,
    ),
    Step(
        "extras",
        gettext_lazy("What comes with it"),
        ("consumables", "spares", "has_manuals", "manual_languages", "software", "gives_training", "training_words"),
        is_optional=True,
        check=_beside,
    ),
    Step("photos", gettext_lazy("Photographs"), is_optional=True),
    Step("papers", gettext_lazy("Certificates and papers"), is_optional=True),
    Step(
        "place",
        gettext_lazy("Where it is, until when, and on what terms"),
        ("country", "city", "pick_up", "available_from", "available_until", "giving", "loan_months", "freight",
         "countries"),
        ("country", "city", "pick_up"),
        check=_place,
    ),
    Step(
        "rights",
        gettext_lazy("Value, ownership and export"),
        ("organisation", "is_owner", "value_eur", "running_eur", "export_class", "end_use"),
        ("value_eur", "running_eur"),
        check=_rights,
    ),
)  # fmt: skip
NAMES = tuple(step.name for step in STEPS)
PREFILLED = ("language", "quantity", "needs_mains", "giving", "freight", "has_manuals", "gives_training", "is_owner")


def is_begun(offer: "Offer", step: Step) -> bool:
    """Whether a section says more than a new draft does."""
    said: dict[str, Any] = stored(offer, step)
    return any(value not in (None, "", []) for name, value in said.items() if name not in PREFILLED)
