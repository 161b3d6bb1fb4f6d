"""The kind of message about what came of an award."""

from typing import Any

from bookings.models import Outcome
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _offered(data: dict[str, Any]) -> Context | None:
    """None where the consent does not stand any more."""
    rows = Outcome.objects.filter(pk=data["outcome"], may_become_story=True)
    outcome = rows.select_related("award__holder", "award__organisation").first()
    if outcome is None:
        return None
    return {"outcome": outcome, "award": outcome.award, "url": absolute(outcome.get_absolute_url())}


STORY_OFFERED = register(Kind("bookings.story_offered", _offered))
