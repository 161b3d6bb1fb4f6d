"""Names of publications and data: https://www.doi.org/."""

import re
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def address_of(doi: str) -> str:
    """Return where a DOI leads: `https://doi.org/10.1107/S2052252526001234`."""
    return f"https://doi.org/{quote(doi, safe='/:;().-_')}"


class DoisField(forms.CharField):
    """DOIs one a line, as a name or as an address; cleaned to a list of names such as `10.1107/S2052252526001234`.

    Source of the form: https://www.crossref.org/blog/dois-and-matching-regular-expressions/
    """

    widget = forms.Textarea({"rows": 3})
    SHAPE = re.compile(r"^10\.\d{4,9}/[^\s<>\"]{1,180}$")
    BEFORE = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
    MOST = 50

    def prepare_value(self, value: Any) -> Any:
        """A list of names is shown one a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), (data or "").replace("\r\n", "\n").strip())

    def clean(self, value: Any) -> list[str]:
        names = [self.BEFORE.sub("", line.strip()) for line in super().clean(value).splitlines() if line.strip()]
        if wrong := next((name for name in names if not self.SHAPE.match(name)), None):
            sentence = _("“%(line)s” is no DOI. Write one a line, such as 10.1107/S2052252526001234.")
            raise ValidationError(sentence, code="doi", params={"line": wrong[:60]})
        if len(names) > self.MOST:
            raise ValidationError(_("Name at most %(number)s DOIs."), code="many", params={"number": self.MOST})
        return list({name.lower(): name for name in names}.values())
