"""The few figures that stand on other pages."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.pages.models import Figures

# What is shown of the cell of everything, and in how many minutes of it one is.
LINES = (
    ("minutes", _("hours delivered"), 60),
    ("sessions", _("sessions held"), 1),
    ("countries", _("countries reached"), 1),
    ("publications", _("publications"), 1),
    ("gifts_in_use", _("gifts of equipment in use"), 1),
)


@dataclass(frozen=True)
class Headline:
    """`lines`: (number, what it counts in the reader's language); none, and false, while nothing was counted.

    `until` is the last day counted (UTC) and `computed_at` the moment it was counted.
    """

    lines: tuple[tuple[int, Promise], ...] = ()
    until: date | None = None
    computed_at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.lines)


def headline() -> Headline:
    """The newest figures of the whole programme, without those that are nought: one statement, a few numbers."""
    rows = Figures.objects.order_by("-until").annotate(cell=F("figures__cells__*/*/*"))
    found = rows.values_list("cell", "until", "computed_at").first()
    if found is None:
        return Headline()
    cell, until, computed_at = found
    lines = tuple((cell[name] // unit, label) for name, label, unit in LINES if cell and cell.get(name, 0) // unit)
    return Headline(lines, until, computed_at)
