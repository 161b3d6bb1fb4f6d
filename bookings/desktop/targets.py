"""From the row of a desktop to what is dialled."""

from functools import partial

from django.conf import settings

from bookings.desktop.connectors import open_stream
from bookings.desktop.dial import Carried, Direct, Practice, Target
from instruments.enums import DesktopRoute
from instruments.models import Desktop


def target_of(desktop: Desktop) -> Target:
    """What to dial for a unit. Raises CannotUnseal."""
    if desktop.route == DesktopRoute.PRACTICE:
        return Practice(settings.PRACTICE_ADDRESS, f"unit-{desktop.unit_id}")
    if desktop.route == DesktopRoute.CONNECTOR:
        return Carried(partial(open_stream, desktop.unit_id), desktop.password)
    return Direct(desktop.host, desktop.port, desktop.password)


def check_target(token: str) -> Practice:
    """A fresh practice instrument of one's own, for a connection check; gone with its last viewer."""
    return Practice(settings.PRACTICE_ADDRESS, f"check-{token}")
