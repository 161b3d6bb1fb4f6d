"""Values of the matcher as people read them."""

from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from donations.features import BY_KEY
from portal.core.dates import date_format

DAYS_TOLD = 60  # from then on in months
DAYS_A_MONTH = 30.4


def amount(value: Any) -> str:
    """A number as the reader writes it, without needless zeros: `1,200`, `0.5`."""
    number = float(value)
    decimals = 0 if number == int(number) else len(f"{number:.3f}".rstrip("0").split(".")[1])
    return number_format(number, decimal_pos=decimals, force_grouping=True)


def label(key: str) -> str:
    """What a feature is called; its key where it is no longer known."""
    return str(BY_KEY[key].label) if key in BY_KEY else key


def measured(key: str, value: Any) -> str:
    """A value in its feature's unit: `4,000 rpm`."""
    unit = BY_KEY[key].unit if key in BY_KEY else ""
    return f"{amount(value)} {unit}".strip()


def range_text(low: Any, high: Any) -> str:
    """`230`, or `220–240`."""
    return amount(low) if low == high else f"{amount(low)}–{amount(high)}"


def country(code: str) -> str:
    return str(countries.name(code) or code)


def day(iso: str) -> str:
    """A day, which JSON keeps as `2027-03-22`."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")


def day_count(days: int) -> str:
    """`12 days`, and from two months on `7 months`."""
    if days < DAYS_TOLD:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    months = round(days / DAYS_A_MONTH)
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def listed(words: list[str]) -> str:
    """`50, 60`."""
    return _(", ").join(words)
