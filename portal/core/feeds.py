"""Feeds that every reader can read: one letter that XML does not know must not end a whole feed."""

from typing import Any

from django.utils.feedgenerator import Atom1Feed

from portal.core.tables import NOT_IN_XML


class LegibleAtom(Atom1Feed):
    """Atom without the control characters that people paste along with their words."""

    def add_item(self, *values: Any, **named: Any) -> None:
        super().add_item(*map(_legible, values), **{name: _legible(value) for name, value in named.items()})


def _legible(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_legible(each) for each in value]
    return NOT_IN_XML.sub("", value) if isinstance(value, str) else value
