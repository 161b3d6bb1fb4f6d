"""What the matcher found, in the reader's language: codes and values in, sentences out.

Runs and matches keep codes and values, so that every reader has them in their own words. What a later version no
longer knows is left out.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from donations.enums import Condition, Customs
from donations.matching.lack_words import LACKS
from donations.matching.values import amount, country, day_count, listed, range_text

Values = Mapping[str, Any]
Words = Callable[[Values], str]

PARTS = {
    "fit": gettext_lazy("Fit"),
    "readiness": gettext_lazy("Ready to run it"),
    "users": gettext_lazy("People reached"),
    "women": gettext_lazy("Women among them"),
    "country": gettext_lazy("Priority of the country"),
    "freight": gettext_lazy("Distance and freight"),
    "waiting": gettext_lazy("Time waited"),
    "gifts": gettext_lazy("Few gifts so far"),
}


def in_words(reasons: Iterable[Any]) -> list[str]:
    """Sentences for reasons, [[code, {values}], ...], in the active language and their order."""
    return [REASONS[code](values) for code, values in reasons if code in REASONS]


def lacks_in_words(lacks: Iterable[Any]) -> list[str]:
    """What keeps a pair from fitting, and what would make it fit: one sentence a line, in their order."""
    return [LACKS[code](values) for code, values in lacks if code in LACKS]


def parts_in_words(parts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The parts of a score with their names, 0 to 1000 each, the weightiest first."""
    return [(str(label), parts[name]) for name, label in PARTS.items() if name in parts]


def _mains(values: Values) -> str:
    return _("fits %(volts)s V / %(hertz)s Hz") % {"volts": amount(values["volts"]), "hertz": amount(values["hertz"])}


def _transformer(values: Values) -> str:
    return _("needs %(range)s V, the laboratory has %(volts)s V and a transformer") % {
        "range": range_text(values["low"], values["high"]),
        "volts": amount(values["volts"]),
    }


def _no_mains(values: Values) -> str:
    return _("needs no mains")


def _plug(values: Values) -> str:
    return _("plug of type %(plug)s, sockets of type %(sockets)s: an adapter is needed") % {
        "plug": values["plug"],
        "sockets": listed(values["sockets"]),
    }


def _musts(values: Values) -> str:
    count = values["count"]
    return ngettext("the one must is met", "all %(count)s musts are met", count) % {"count": count}


def _nice(values: Values) -> str:
    asked = values["asked"]
    return ngettext(
        "%(met)s of %(asked)s wish beyond the musts is met",
        "%(met)s of %(asked)s wishes beyond the musts are met",
        asked,
    ) % {"met": values["met"], "asked": asked}


def _condition(values: Values) -> str:
    return _("condition: %(condition)s") % {"condition": Condition(values["condition"]).label}


def _training(values: Values) -> str:
    return _("training is needed and offered")


def _no_training(values: Values) -> str:
    return _("training is needed and not offered")


def _run_by(values: Values) -> str:
    return _("somebody is named who runs and maintains it")


def _customs(values: Values) -> str:
    return _("customs: %(customs)s") % {"customs": Customs(values["customs"]).label}


def _running(values: Values) -> str:
    return _("running costs of %(eur)s EUR a year are within the budget of %(budget)s EUR a piece") % {
        "eur": amount(values["eur"]),
        "budget": amount(values["budget"]),
    }


def _running_share(values: Values) -> str:
    return _("running costs are %(percent)s %% of its worth a year, and no budget is stated") % {
        "percent": amount(values["percent"])
    }


def _people(values: Values) -> str:
    people = values["people"]
    return ngettext("%(people)s person", "%(people)s people", people) % {"people": amount(people)}


def _women(values: Values) -> str:
    women = values["women"]
    return ngettext("%(women)s of them a woman", "%(women)s of them women", women) % {"women": amount(women)}


def _priority(values: Values) -> str:
    return GROUPS[values["group"]](values)


def _ldc_africa(values: Values) -> str:
    return _("%(country)s is in Africa and a least developed country") % {"country": country(values["country"])}


def _ldc(values: Values) -> str:
    return _("%(country)s is a least developed country") % {"country": country(values["country"])}


def _africa(values: Values) -> str:
    return _("%(country)s is in Africa") % {"country": country(values["country"])}


def _island(values: Values) -> str:
    return _("%(country)s is a small island developing state") % {"country": country(values["country"])}


def _distance(values: Values) -> str:
    return _("about %(km)s km away") % {"km": amount(values["km"])}


def _same_country(values: Values) -> str:
    return _("in the same country")


def _freight_paid(values: Values) -> str:
    return _("the donor pays the freight")


def _waiting(values: Values) -> str:
    return _("waiting %(time)s") % {"time": day_count(values["days"])}


def _first_gift(values: Values) -> str:
    return _("the first gift to this organisation")


def _gifts(values: Values) -> str:
    count = values["count"]
    return ngettext(
        "%(count)s gift to this organisation so far", "%(count)s gifts to this organisation so far", count
    ) % {"count": count}


def _last_run(values: Values) -> str:
    return _("also put together last time")


GROUPS: dict[str, Words] = {"ldc_africa": _ldc_africa, "ldc": _ldc, "africa": _africa, "island": _island}
REASONS: dict[str, Words] = {
    "mains": _mains,
    "transformer": _transformer,
    "no_mains": _no_mains,
    "plug": _plug,
    "musts": _musts,
    "nice": _nice,
    "condition": _condition,
    "training": _training,
    "no_training": _no_training,
    "run_by": _run_by,
    "customs": _customs,
    "running": _running,
    "running_share": _running_share,
    "people": _people,
    "women": _women,
    "priority": _priority,
    "distance": _distance,
    "same_country": _same_country,
    "freight_paid": _freight_paid,
    "waiting": _waiting,
    "first_gift": _first_gift,
    "gifts": _gifts,
    "last_run": _last_run,
}
