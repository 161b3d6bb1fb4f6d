"""What a request asks of the figures: shared by the page, the files and the answers for programs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.http import QueryDict

from instruments.models import Technique
from portal.pages.impact.forms import ImpactFilter
from portal.pages.impact.keeping import moment_of
from portal.pages.impact.tables import DEEPER, Reader
from portal.pages.models import Figures


@dataclass(frozen=True)
class Asked:
    """`figures` under the filters; unfiltered where the `form` is not valid."""

    row: Figures
    form: ImpactFilter
    figures: Reader
    days: list[date]

    @property
    def is_valid(self) -> bool:
        return not self.form.errors

    @property
    def counted_at(self) -> object:
        return moment_of(self.row)


def asked(data: QueryDict) -> Asked | None:
    """The kept day asked for, the newest where none is or none such is kept; None while nothing was counted.

    Two statements.
    """
    row, days = _row(data.get("until", ""))
    if row is None:
        return None
    techniques = Technique.objects.order_by("path")
    names = {technique.slug: DEEPER * technique.path.count("/") + technique.name for technique in techniques}
    everything = Reader(row.figures, names=names)
    form = ImpactFilter(data, figures=everything, days=days)
    figures = Reader(row.figures, form.chosen, names) if form.is_valid() else everything
    return Asked(row, form, figures, days)


def _row(typed: str) -> tuple[Figures | None, list[date]]:
    rows = Figures.objects.order_by("-until")
    with_days = rows.annotate(days=ArraySubquery(rows.values("until")))
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    row: Any = (with_days.filter(until=day).first() if day else None) or with_days.first()
    return row, row.days if row else []
