"""Which calendar a link is for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from instruments.models import Instrument
from portal.core.forms import offer

OWN = "own"


class CalendarForm(forms.Form):
    """One's own bookings, or those of one of `instruments`."""

    what = forms.ChoiceField(
        label=_("Calendar of"),
        error_messages={
            "required": _("Choose which calendar the link is for."),
            "invalid_choice": _("Choose a calendar from the list."),
        },
    )

    def __init__(self, data: Any, instruments: list[Instrument], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._instruments = {instrument.slug: instrument for instrument in instruments}
        choices: list[tuple[Any, Any]] = [(OWN, _("Your own bookings"))]
        offer(self, "what", choices + [(slug, row.name) for slug, row in self._instruments.items()])

    @property
    def instrument(self) -> Instrument | None:
        """The instrument that was chosen; None: the own bookings."""
        return self._instruments.get(self.cleaned_data["what"])
