"""What keeps a pair from fitting, and what would make it fit, one sentence a code."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from donations.matching.values import amount, country, day, label, listed, measured, range_text

Values = Mapping[str, Any]


def _category(values: Values) -> str:
    return _("It is of another category of equipment.")


def _not_said(values: Values) -> str:
    return _("A must is not stated: %(feature)s. It fits once the donor states it.") % {
        "feature": label(values["feature"])
    }


def _too_little(values: Values) -> str:
    return _("%(feature)s: at least %(least)s is a must, it has %(has)s.") % {
        "feature": label(values["feature"]),
        "least": measured(values["feature"], values["least"]),
        "has": measured(values["feature"], values["has"]),
    }


def _too_much(values: Values) -> str:
    return _("%(feature)s: at most %(most)s is a must, it has %(has)s.") % {
        "feature": label(values["feature"]),
        "most": measured(values["feature"], values["most"]),
        "has": measured(values["feature"], values["has"]),
    }


def _mains_of_need(values: Values) -> str:
    return _("The laboratory has not stated its voltage and frequency. It may fit once it does.")


def _mains_of_offer(values: Values) -> str:
    return _("The donor has not stated voltage and frequency. It may fit once they do.")


def _voltage(values: Values) -> str:
    return _("The laboratory has %(volts)s V, it works at %(range)s V. It would fit with a transformer there.") % {
        "volts": amount(values["volts"]),
        "range": range_text(values["low"], values["high"]),
    }


def _frequency(values: Values) -> str:
    return _(
        "The laboratory has %(hertz)s Hz, it works at %(others)s Hz; a transformer does not change the frequency. It"
        " would fit if the maker allows %(hertz)s Hz."
    ) % {"hertz": amount(values["hertz"]), "others": listed([amount(one) for one in values["others"]])}


def _size_not_said(values: Values) -> str:
    return _("The donor has not stated length, width and height, and the way in is narrow. It may fit once they do.")


def _door(values: Values) -> str:
    door = " × ".join(amount(values[side]) if values[side] else "?" for side in ("width", "height"))
    return _("It measures at least %(size)s cm, the door %(door)s cm. It would fit in parts or by another way in.") % {
        "size": " × ".join(amount(one) for one in values["size"]),
        "door": door,
    }


def _weight_not_said(values: Values) -> str:
    return _("The donor has not stated the weight, and floor or lift have a limit. It may fit once they do.")


def _weight(values: Values) -> str:
    return _("It weighs %(kg)s kg, floor or lift take %(most)s kg. It would fit in parts or on a stronger floor.") % {
        "kg": amount(values["kg"]),
        "most": amount(values["most"]),
    }


def _country(values: Values) -> str:
    return _("The donor gives to some countries only, and %(country)s is not among them.") % {
        "country": country(values["country"])
    }


def _used(values: Values) -> str:
    return _("It is used, and the laboratory asks for new equipment. It would fit if used equipment were welcome.")


def _loan(values: Values) -> str:
    return _("It is a loan, and the laboratory asks for a gift. It would fit if a loan were welcome, or as a gift.")


def _offer_over(values: Values) -> str:
    return _("It was available until %(day)s. It would fit if the donor keeps it longer.") % {"day": day(values["day"])}


def _offer_expired(values: Values) -> str:
    return _("The offer expired on %(day)s.") % {"day": day(values["day"])}


def _need_expired(values: Values) -> str:
    return _("The need expired on %(day)s. It would fit if the laboratory renews it.") % {"day": day(values["day"])}


def _export(values: Values) -> str:
    return _("Export clearance is asked for and not given yet. It may fit once it is.")


def _running(values: Values) -> str:
    return _(
        "Running it costs %(eur)s EUR a year, the budget is %(budget)s EUR a piece. It would fit with"
        " %(missing)s EUR more a year."
    ) % {
        "eur": amount(values["eur"]),
        "budget": amount(values["budget"]),
        "missing": amount(values["eur"] - values["budget"]),
    }


def _own(values: Values) -> str:
    return _("Donor and laboratory are the same.")


def _turned_down(values: Values) -> str:
    return _("The two were put together before, and somebody said no.")


LACKS: dict[str, Callable[[Values], str]] = {
    "category": _category,
    "not_said": _not_said,
    "too_little": _too_little,
    "too_much": _too_much,
    "mains_of_need": _mains_of_need,
    "mains_of_offer": _mains_of_offer,
    "voltage": _voltage,
    "frequency": _frequency,
    "size_not_said": _size_not_said,
    "door": _door,
    "weight_not_said": _weight_not_said,
    "weight": _weight,
    "country": _country,
    "used": _used,
    "loan": _loan,
    "offer_over": _offer_over,
    "offer_expired": _offer_expired,
    "need_expired": _need_expired,
    "export": _export,
    "running": _running,
    "own": _own,
    "turned_down": _turned_down,
}
