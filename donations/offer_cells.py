"""The cells of a file of offers: what each column may say and what it comes to. Pure; `Bad` says why not, in words."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries

from donations import offer_bounds as bounds
from donations.contact import has_contact
from donations.enums import Answer, Condition, Giving, Payer
from donations.features import BY_KEY

Cleaner = Callable[[str], Any]
YES = {"yes", "y", "true", "1", "oui", "o", "x"}
NO = {"no", "n", "false", "0", "non"}
BETWEEN = re.compile(r"[,;/ ]+")
NUMBER = re.compile(r"[+-]?\d{1,12}([.,]\d{1,6})?")


class Bad(Exception):
    """A cell that cannot be understood; the text is a sentence for people."""


@dataclass(frozen=True)
class Column:
    """One column of the file: `name` is that of the offer's column, `example` stands in the template."""

    name: str
    clean: Cleaner
    example: str = ""


def words(longest: int, *, is_public: bool = True) -> Cleaner:
    """Text; what everybody reads holds no addresses."""

    def clean(cell: str) -> str:
        if cell.startswith("="):
            raise Bad(_("this is a formula. Type what it comes to."))
        if len(cell) > longest:
            raise Bad(_("has up to %(most)d letters; this has %(count)d.") % {"most": longest, "count": len(cell)})
        if is_public and has_contact(cell):
            raise Bad(_("is read by everybody. Leave out e-mail addresses and telephone numbers."))
        return cell

    return clean


def number(least: Decimal, most: Decimal, *, places: int = 0) -> Cleaner:
    """Decimal, or int where there are no `places`; a comma is a point."""

    def clean(cell: str) -> Decimal | int:
        plain = cell.replace("\u00a0", "").replace(" ", "")
        try:
            value = Decimal(plain.replace(",", ".")) if NUMBER.fullmatch(plain) else None
        except InvalidOperation:
            value = None
        if value is None or not least <= value <= most or round(value, places) != value:
            values = {"least": least, "most": most}
            if places:
                raise Bad(_("is a number from %(least)s to %(most)s, such as 12.5.") % values)
            raise Bad(_("is a whole number from %(least)s to %(most)s.") % values)
        return value if places else int(value)

    return clean


def whole(reach: tuple[int, int]) -> Cleaner:
    return number(Decimal(reach[0]), Decimal(reach[1]))


def year(cell: str) -> int:
    value: int = whole(bounds.year_bounds())(cell)
    return value


def day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise Bad(_("is a day written as 2026-03-22.")) from None


def yes_or_no(cell: str) -> bool:
    if cell.lower() in YES:
        return True
    if cell.lower() in NO:
        return False
    raise Bad(_("is yes or no."))


def one_of(choices: Iterable[tuple[Any, Any]]) -> Cleaner:
    """A value of an enumeration, by its word for programs or by its label in the reader's language."""
    pairs = list(choices)

    def clean(cell: str) -> str:
        for value, label in pairs:
            if cell.lower() in (str(value).lower(), str(label).lower()):
                return str(value)
        raise Bad(_("is one of: %(words)s.") % {"words": ", ".join(str(value) for value, _label in pairs)})

    return clean


def country(cell: str) -> str:
    """An ISO code of two letters, or a country's name."""
    code = cell.upper() if len(cell) == 2 else countries.by_name(cell)
    if code not in countries:
        raise Bad(_("“%(word)s” is no country: write its two letters, such as FR, or its name.") % {"word": cell})
    return str(code)


def list_of(clean_one: Cleaner) -> Cleaner:
    """Several, with commas, semicolons or blanks between them; each once, in their order."""

    def clean(cell: str) -> list[Any]:
        return list(dict.fromkeys(clean_one(part) for part in BETWEEN.split(cell) if part))

    return clean


def language(codes: Collection[str]) -> Cleaner:
    def clean(cell: str) -> str:
        if cell.lower() not in codes:
            raise Bad(_("is one of: %(words)s.") % {"words": ", ".join(codes)})
        return cell.lower()

    return clean


def frequency(cell: str) -> int:
    if cell not in {str(value) for value in bounds.FREQUENCIES}:
        raise Bad(_("is 50, 60 or both."))
    return int(cell)


def features(cell: str) -> dict[str, Decimal | None]:
    """`speed_rpm=4000; cooled` as {"speed_rpm": 4000, "cooled": None}."""
    found: dict[str, Decimal | None] = {}
    for part in filter(None, (each.strip() for each in cell.split(";"))):
        key, is_given, value = (each.strip() for each in part.partition("="))
        feature = BY_KEY.get(key)
        if feature is None:
            raise Bad(_("“%(word)s” is no feature that can be compared.") % {"word": key})
        if bool(is_given) is not feature.is_number:
            raise Bad(_("write features as speed_rpm=4000; cooled."))
        found[key] = number(*bounds.FEATURE_VALUES, places=3)(value) if is_given else None
    return found


def columns(categories: Collection[str], languages: Collection[str]) -> list[Column]:
    """The columns of the file, in the order of the template; `categories` are slugs."""
    euros, metres, volts = whole(bounds.EUROS), whole(bounds.CENTIMETRES), whole(bounds.VOLTS)
    answer = one_of(Answer.choices)
    return [
        Column("category", one_of((slug, slug) for slug in categories), "centrifuges"),
        Column("title", words(120), "Bench centrifuge, 24 places"),
        Column("maker", words(120), "Rotanova"),
        Column("model", words(120), "BC 400"),
        Column("serials", words(2000, is_public=False), "RN-40117"),
        Column("year", year, "2019"),
        Column("quantity", whole((1, 1000)), "1"),
        Column("language", language(languages), "en"),
        Column("condition", one_of(Condition.choices), "good"),
        Column("last_used_on", day, "2026-05-12"),
        Column("faults", words(1000)),
        Column("description", words(3000), "Bench centrifuge with an angle rotor, serviced every year."),
        Column("features", features, "speed_rpm=4000; tubes=24; cooled"),
        Column("tested_on", day, "2026-06-01"),
        Column("test_method", words(300), "Full speed with a balanced load for two hours"),
        Column("decontaminated", answer, "yes"),
        Column("decontaminated_how", words(300), "Wiped with 70 % ethanol, then with a sporicide"),
        Column("data_wiped", answer, "not_needed"),
        Column("needs_mains", yes_or_no, "yes"),
        Column("voltage_low", volts, "220"),
        Column("voltage_high", volts, "240"),
        Column("frequencies", list_of(frequency), "50, 60"),
        Column("plug", one_of((letter, letter) for letter in bounds.PLUGS), "E"),
        Column("power_watts", whole(bounds.WATTS), "350"),
        Column("weight_kg", number(*bounds.KILOGRAMS, places=2), "28.5"),
        Column("length_cm", metres, "60"),
        Column("width_cm", metres, "45"),
        Column("height_cm", metres, "35"),
        Column("consumables", words(300)),
        Column("spares", words(300), "Two sets of carbon brushes"),
        Column("has_manuals", yes_or_no, "yes"),
        Column("manual_languages", list_of(language(bounds.TONGUES)), "en, fr"),
        Column("software", words(300)),
        Column("gives_training", yes_or_no, "no"),
        Column("training_words", words(300)),
        Column("country", country, "FR"),
        Column("city", words(100), "Lyon"),
        Column("pick_up", words(600, is_public=False), "Loading bay 2, 5 rue des Essais, Lyon"),
        Column("available_from", day, ""),
        Column("available_until", day, ""),
        Column("giving", one_of(Giving.choices), "gift"),
        Column("loan_months", whole(bounds.MONTHS)),
        Column("freight", one_of(Payer.choices), "open"),
        Column("countries", list_of(country)),
        Column("is_owner", yes_or_no, "yes"),
        Column("value_eur", euros, "2500"),
        Column("running_eur", euros, "120"),
        Column("export_class", words(60, is_public=False)),
        Column("end_use", words(300, is_public=False)),
    ]
