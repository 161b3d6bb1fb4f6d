"""The filters of the figures."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.forms import offer
from portal.core.times import date_text
from portal.pages.impact.regions import REGION_NAMES
from portal.pages.impact.tables import Chosen, Reader


class ImpactFilter(forms.Form):
    """What the figures know of can be chosen; `days` are those that figures are kept of, newest first."""

    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    region = forms.ChoiceField(label=_("Region"), required=False)
    technique = forms.ChoiceField(label=_("Technique"), required=False)
    until = forms.TypedChoiceField(
        label=_("Counted up to"), required=False, coerce=date.fromisoformat, empty_value=None
    )

    def __init__(self, *args: Any, figures: Reader, days: list[date], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "year", [("", pgettext_lazy("year", "All")), *((year, str(year)) for year in figures.years)])
        regions = [(code, REGION_NAMES[code]) for code in figures.regions]
        offer(self, "region", [("", pgettext_lazy("region", "All")), *regions])
        named = [(slug, figures.names[slug]) for slug in figures.techniques]
        offer(self, "technique", [("", pgettext_lazy("technique", "All")), *named])
        kept = [(day.isoformat(), date_text(day, "DATE_FORMAT")) for day in days]
        offer(self, "until", [("", _("The newest")), *kept])

    @property
    def chosen(self) -> Chosen:
        typed = self.cleaned_data
        return Chosen(typed["year"], typed["region"] or None, typed["technique"] or None)
