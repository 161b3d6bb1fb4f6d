"""Who came to an event: in all, women among them, and by country."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries as all_countries

from portal.core.search import fold
from portal.stories.actions.event import version_of_figures
from portal.stories.event_figures import Attendance
from portal.stories.models import Event

MOST = 100_000
LINE = re.compile(r"^(?P<country>.+?)(?:\s*[:;,=]\s*(?P<people>\d{1,6})(?:\s*[/;,]\s*(?P<women>\d{1,6}))?)?$")


class FiguresForm(forms.Form):
    """Filled with what is stored or, of an event without figures, with its `attendance`."""

    people = forms.IntegerField(
        label=_("People who came"), required=False, min_value=0, max_value=MOST, help_text=_("Empty: nobody knows.")
    )
    women = forms.IntegerField(
        label=_("Of them women"),
        required=False,
        min_value=0,
        max_value=MOST,
        help_text=_("Everybody reads it, unless there are so few women or others that people could be recognised."),
    )
    countries = forms.CharField(
        label=_("Countries they came from"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("One a line, its name or its code. Where known, people and women after it: Kenya: 12/7"),
    )
    source = forms.CharField(
        label=_("Where the figures come from"),
        required=False,
        max_length=200,
        help_text=_("Such as the list of participants. Everybody reads it."),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, event: Event, attendance: Attendance | None = None) -> None:
        shown = _stored(event) if attendance is None else _counted(event, attendance)
        super().__init__(data, initial=shown | {"seen": version_of_figures(event)})

    def clean_countries(self) -> dict[str, tuple[int | None, int | None]]:
        """ISO code -> (people, women). Every line that cannot be read is named."""
        names = {_key(str(name)): code for code, name in all_countries} | {
            code.lower(): code for code in dict(all_countries)
        }
        found: dict[str, tuple[int | None, int | None]] = {}
        wrong: list[str] = []
        for line in filter(None, (" ".join(line.split()) for line in self.cleaned_data["countries"].splitlines())):
            match = LINE.match(line)
            code = names.get(_key(match["country"])) if match else None
            if match is None or code is None:
                wrong.append(line[:60])
            elif code in found:
                raise ValidationError(_("%(country)s stands here twice."), params={"country": match["country"]})
            else:
                found[code] = _number(match["people"]), _number(match["women"])
        if wrong:
            lines = ", ".join(wrong[:5])
            raise ValidationError(_("These lines name no country we know: %(lines)s."), params={"lines": lines})
        return found

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        people, women = typed.get("people"), typed.get("women")
        if women is not None and (people is None or women > people):
            self.add_error("women", _("There cannot be more women than people."))
        return typed

    def columns(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def _key(name: str) -> str:
    """A name as it is looked up, whatever its apostrophes and accents."""
    return fold(name.replace("\u2019", "'"))


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _stored(event: Event) -> dict[str, Any]:
    rows = [(str(row.country), row.people, row.women) for row in event.countries.all()]
    return {"people": event.people, "women": event.women, "source": event.source, "countries": _lines(rows)}


def _counted(event: Event, attendance: Attendance) -> dict[str, Any]:
    """What the trainings say, where anybody came to one; else what is stored."""
    if not attendance.people:
        return _stored(event)
    rows = [(code, people, women) for code, (people, women) in attendance.countries.items()]
    numbers = {"people": attendance.people, "women": attendance.women, "countries": _lines(rows)}
    return _stored(event) | numbers


def _lines(rows: Iterable[tuple[str, int | None, int | None]]) -> str:
    """As they are typed, by the names in the active language."""
    named = sorted((str(all_countries.name(code)), people, women) for code, people, women in rows)
    return "\n".join(_line(name, people, women) for name, people, women in named)


def _line(name: str, people: int | None, women: int | None) -> str:
    if people is None:
        return name
    return f"{name}: {people}" if women is None else f"{name}: {people}/{women}"
