"""What a need or an offer says, column by column, in the reader's words."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_countries import countries

from donations.features import BY_KEY, Feature
from donations.steps import Step
from portal.core.dates import date_format

# Never shown to everybody, nor in the public API: the other side meets them in a shipment.
PRIVATE = {
    "customs_contact", "deliver_to", "pick_up", "serials", "end_use", "end_user", "export_class", "needs_clearance",
    "is_owner",
}  # fmt: skip
UNITS = {"voltage": "V", "voltage_low": "V", "voltage_high": "V", "frequency": "Hz", "frequencies": "Hz"}
ENDINGS = (("_cm", "cm"), ("_kg", "kg"), ("most_kg", "kg"), ("_eur", "EUR"), ("_watts", "W"))


class Line(NamedTuple):
    """One answer; `is_typed`: people's own words, in whatever direction they are written."""

    name: str
    label: str
    words: str
    is_typed: bool


def lines_of(thing: Any, step: Step, *, is_public: bool = False) -> list[Line]:
    """The answers of a section that say something; those for everybody leave out what is private, and each No."""
    names = [name for name in step.fields if not (is_public and (name in PRIVATE or getattr(thing, name) is False))]
    lines = [Line(name, _label(thing, name), words_of(thing, name), _is_typed(thing, name)) for name in names]
    return [line for line in lines if line.words]


def said(
    thing: Any, steps: Iterable[Step], *, is_public: bool = False, url: Callable[[Step], str] | None = None
) -> list[tuple[Step, list[Line], str]]:
    """Sections with their answers, and where each is changed (empty without `url`)."""
    return [(step, lines_of(thing, step, is_public=is_public), url(step) if url else "") for step in steps]


def wanted_words(requirements: Iterable[Any]) -> list[tuple[str, bool]]:
    """What a need asks of features, in words, each with whether it is a must; musts first."""
    rows = sorted(requirements, key=lambda row: not row.is_must)
    return [(_wanted(BY_KEY[row.feature], row), row.is_must) for row in rows if row.feature in BY_KEY]


def _wanted(feature: Feature, row: Any) -> str:
    values = {
        "name": capfirst(str(feature.label)),
        "unit": feature.unit,
        "least": None if row.least is None else _number(row.least),
        "most": None if row.most is None else _number(row.most),
    }
    if row.least is not None and row.most is not None:
        return _("%(name)s: %(least)s to %(most)s %(unit)s") % values
    if row.least is not None:
        return _("%(name)s: at least %(least)s %(unit)s") % values
    if row.most is not None:
        return _("%(name)s: at most %(most)s %(unit)s") % values
    return str(values["name"])


def _number(value: Decimal) -> str:
    """Without the zeros that the column adds."""
    return number_format(f"{value.normalize():f}", use_l10n=True)


def words_of(thing: Any, name: str) -> str:
    """A column's value as people read it; empty where it says nothing."""
    column, value = thing._meta.get_field(name), getattr(thing, name)
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        names = [str(countries.name(each) or each) if name == "countries" else str(each) for each in value]
        return ", ".join(names) + _unit(name)
    if column.choices and not column.is_relation and hasattr(thing, f"get_{name}_display"):
        return str(getattr(thing, f"get_{name}_display")())
    if name == "language":
        return str(dict(settings.LANGUAGES).get(value, value))
    if name == "country":
        return str(value.name)
    if isinstance(column, models.DateField):
        return date_format(value)
    if isinstance(column, models.IntegerField | models.DecimalField):
        return str(value) if name == "year" else _number(Decimal(value)) + _unit(name)
    return str(value)


def _unit(name: str) -> str:
    unit = UNITS.get(name) or next((unit for ending, unit in ENDINGS if name.endswith(ending)), "")
    return f"\N{NO-BREAK SPACE}{unit}" if unit else ""


def _label(thing: Any, name: str) -> str:
    return str(capfirst(thing._meta.get_field(name).verbose_name))


def _is_typed(thing: Any, name: str) -> bool:
    column = thing._meta.get_field(name)
    return (
        isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and name not in ("country", "language")
    )
