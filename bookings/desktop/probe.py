"""Trying whether the screen of a unit answers: all of the handshake, then hanging up. For workers, outside any lock."""

import asyncio
import logging

from django.conf import settings

from bookings.desktop.dial import DesktopError, Patience, Target, networks, open_desktop
from bookings.desktop.targets import target_of
from instruments.enums import DesktopTrouble
from instruments.models import Desktop
from portal.core.sealing import CannotUnseal

logger = logging.getLogger(__name__)
BRIEF = Patience(resolve=3, connect=3, step=3, whole=8)  # for who has others waiting


def probe(desktop: Desktop, *, patience: Patience | None = None) -> str:
    """The code of `DesktopTrouble` that stands in the way, or an empty string. Takes 20 seconds at most.

    Must not be called from a coroutine.
    """
    try:
        target = target_of(desktop)
    except CannotUnseal as error:
        logger.warning("the password of desktop %s cannot be read: %s", desktop.pk, error)
        return DesktopTrouble.PASSWORD.value
    return asyncio.run(_trouble(target, desktop.pk, patience))


async def _trouble(target: Target, pk: int, patience: Patience | None) -> str:
    allowed = networks(settings.DESKTOP_ALLOWED_NETWORKS)
    try:
        line = await open_desktop(target, allowed=allowed, patience=patience)
    except DesktopError as error:
        logger.info("desktop %s does not answer: %s", pk, error)
        return error.code.value
    await line.close()
    return ""
