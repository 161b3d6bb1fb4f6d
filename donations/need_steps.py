"""The sections of a need, in the order in which people meet them. Pure."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donations.steps import Step, is_blank


def _people(need: Any) -> list[str]:
    if need.people == 0:
        return [gettext("Who will use it: say how many people would use it in a year, one at least.")]
    return []


def _keeping(need: Any) -> list[str]:
    """Equipment without a person and money to run it stays in its box."""
    if need.budget_eur is None:
        return []
    if need.budget_eur == 0 and not need.maintained_by.strip():
        return [gettext("Running it: say who maintains it, or with what budget.")]
    return []


UNPLUGGED = ("pipettes", "glassware")  # categories of which nothing is plugged in
MAINS = ("voltage", "frequency", "plugs")


def is_plugged(need: Any) -> bool:
    """Whether what is needed has a plug, as far as its category says."""
    return need.category is None or need.category.slug not in UNPLUGGED


def _place(need: Any) -> list[str]:
    if is_plugged(need) and any(is_blank(getattr(need, name)) for name in MAINS):
        return [gettext("Room and power: say the voltage, the frequency and the plugs of your mains.")]
    return []


STEPS = (
    Step(
        "what",
        _("What you need"),
        ("category", "title", "quantity", "accepts_used", "accepts_loan", "language"),
        ("category", "title", "quantity"),
    ),
    Step(
        "why", _("Who will use it"), ("purpose", "why", "people", "women"), ("purpose", "why", "people"), False, _people
    ),
    Step("must", _("What it must do"), ("must_words", "nice_words"), is_optional=True),
    Step(
        "place",
        _("Room and power"),
        (
            "voltage",
            "frequency",
            "plugs",
            "has_transformer",
            "power_words",
            "room_words",
            "door_width_cm",
            "door_height_cm",
            "most_kg",
        ),
        ("room_words",),
        check=_place,
    ),
    Step(
        "keeping",
        _("Running it"),
        ("run_by", "maintained_by", "budget_eur", "wants_training"),
        ("run_by", "maintained_by", "budget_eur"),
        check=_keeping,
    ),
    Step(
        "delivery",
        _("Customs and delivery"),
        ("customs", "customs_contact", "deliver_to", "end_use", "end_user"),
        ("customs", "customs_contact", "deliver_to", "end_use", "end_user"),
    ),
    Step("photos", _("Photographs"), is_optional=True),
)  # fmt: skip
