"""Rows of the portal that people name, one a line, where there are too many to choose from a list."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

MOST = 20


class NamedRowsField(forms.CharField):
    """By name, or by the address of its page here; cleaned to a list of rows.

    `names`: columns that a name may stand in; `lists`: columns with one name a line. `offer(rows, stored)` says which
    rows may be named; those stored already may stay.
    """

    widget = forms.Textarea({"rows": 2})

    def __init__(self, *, names: tuple[str, ...], lists: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(required=False, max_length=6000, **options)
        self.names, self.lists = names, lists
        self.rows: QuerySet[Any] | None = None
        self.stored: dict[str, Model] = {}

    def offer(self, rows: QuerySet[Any], stored: list[Any]) -> None:
        self.rows = rows
        self.stored = {line_of(row): row for row in stored}
        self.initial = "\n".join(self.stored)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.initial, (data or "").replace("\r\n", "\n").strip())

    def clean(self, value: Any) -> list[Any]:
        """Raises ValidationError with the first line that names nothing, or several things."""
        lines = list(dict.fromkeys(line.strip() for line in super().clean(value).splitlines() if line.strip()))
        if len(lines) > MOST:
            raise ValidationError(_("Name at most %(most)d."), code="many", params={"most": MOST})
        unknown = [line for line in lines if line not in self.stored]
        found = self._found(unknown)
        rows = [self.stored.get(line) or self._one(line, found) for line in lines]
        return list({row.pk: row for row in rows}.values())

    def _found(self, lines: list[str]) -> list[Any]:
        """Every row that any of the lines may mean, in one statement."""
        if not lines or self.rows is None:
            return []
        wanted = Q(slug__in=[_slug(line) for line in lines])
        for line in lines:
            for name in self.names:
                wanted |= Q(**{f"{name}__iexact": line})
            for name in self.lists:
                wanted |= Q(**{f"{name}__iregex": f"(?n)^{re.escape(line)}$"})  # ^ and $ of each line
        return list(self.rows.filter(wanted)[:200])

    def _one(self, line: str, found: list[Any]) -> Any:
        by_slug = [row for row in found if row.slug == _slug(line)]
        folded = line.casefold()
        called = [row for row in found if any((getattr(row, n) or "").casefold() == folded for n in self.names)]
        also = [row for row in found if any(folded in getattr(row, n).casefold().split("\n") for n in self.lists)]
        meant = by_slug or called or also
        if len(meant) == 1:
            return meant[0]
        values = {"line": line[:80]}
        if meant:
            sentence = _("Several are called “%(line)s”: paste the address of its page instead.")
            raise ValidationError(sentence, code="several", params=values)
        sentence = _("Nothing on this portal is called “%(line)s”. Write its name as it stands there, or its address.")
        raise ValidationError(sentence, code="unknown", params=values)


def line_of(row: Any) -> str:
    """How a row stands in the field: its name, and its address part, which is the only one of its kind."""
    return f"{row} [{row.slug}]".replace("\n", " ")


def _slug(line: str) -> str:
    """The address part that a line names: of `.../instruments/sem-1/`, of `SEM 1 [sem-1]`, or the line itself."""
    if line.endswith("]"):
        return line.rpartition("[")[2].rstrip("]")
    return line.partition("?")[0].rstrip("/").rpartition("/")[2]
