"""Do a deed to the rows that were ticked."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.errors import Refused


def each(request: HttpRequest, rows: Iterable[Any], deed: Callable[[Any], Any]) -> None:
    """Do `deed` to every row; a refusal is shown and stops none of the others."""
    done = 0
    for row in rows:
        try:
            deed(row)
        except Refused as refusal:
            messages.error(request, f"{row}: {refusal}")
        else:
            done += 1
    messages.success(request, _("Done: %(count)d.") % {"count": done})
