"""What the page of demand is narrowed by."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.pages.impact.regions import REGIONS

YEARS = 6  # that can be chosen, this one among them
LAST_YEAR = timedelta(days=365)


class DemandFilter(forms.Form):
    year = forms.ChoiceField(label=_("Applications and awards of"), required=False)
    region = forms.ChoiceField(label=_("People who work in"), required=False)

    def __init__(self, *args: Any, moment: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self._moment = moment
        years = [str(moment.year - back) for back in range(YEARS)]
        self._field("year").choices = [("", _("the last 12 months")), *zip(years, years, strict=True)]
        names = [(code, name) for code, (name, _countries) in REGIONS.items()]
        self._field("region").choices = [("", _("every country")), *names]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def window(self) -> tuple[datetime, datetime]:
        """From when to before when; years are UTC's."""
        year = self._chosen("year")
        if not year:
            return self._moment - LAST_YEAR, self._moment
        return datetime(int(year), 1, 1, tzinfo=UTC), datetime(int(year) + 1, 1, 1, tzinfo=UTC)

    def countries(self) -> frozenset[str] | None:
        """Those of the region, None without one."""
        region = self._chosen("region")
        return frozenset(REGIONS[region][1].split()) if region else None

    def where(self) -> str:
        """The name of the region, "" without one."""
        region = self._chosen("region")
        return str(REGIONS[region][0]) if region else ""

    def _chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))
