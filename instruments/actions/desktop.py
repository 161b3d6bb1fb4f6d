"""How the portal reaches the screen of a unit: set by the laboratory, tried by workers.

The password goes in and never comes out: neither the history nor an answer holds it.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments import signals
from instruments.actions.locking import lock_to_run
from instruments.enums import Clipboard, DesktopRoute, DesktopTrouble
from instruments.models import Desktop, Unit
from portal.audit.actions import record
from portal.core.errors import Reason, Refused

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*")
LONGEST_PASSWORD = 64  # of which VNC itself heeds the first eight characters


@transaction.atomic
def set_desktop(
    unit: Unit,
    *,
    by: Any,
    route: str,
    host: str = "",
    port: int = 5900,
    clipboard: str = Clipboard.NONE,
    password: str | None = None,
) -> Desktop:
    """Let sessions on the unit open its desktop by `route`; host and port are for the direct one.

    `password` None keeps the one there is, an empty one forgets it. Raises Forbidden; Refused `final`,
    `invalid_host`, `invalid_port` or `invalid_password`.
    """
    instrument = lock_to_run(unit.instrument, by)
    is_direct = route == DesktopRoute.DIRECT
    _check(host if is_direct else "", port, password or "", is_direct=is_direct)
    desktop = Desktop.objects.select_for_update().filter(unit=unit).first() or Desktop(unit=unit)
    desktop.route, desktop.clipboard = DesktopRoute(route).value, Clipboard(clipboard).value
    desktop.host, desktop.port = (host, port) if is_direct else ("", 5900)
    if password is not None:
        desktop.password = password
    desktop.asked_at, desktop.answered_at, desktop.trouble = None, None, ""
    desktop.save()
    told: dict[str, Any] = {
        "route": desktop.route,
        "host": desktop.host,
        "port": desktop.port,
        "clipboard": desktop.clipboard,
    }
    changed = "kept" if password is None else ("set" if password else "none")
    record(instrument, "set_desktop", by=by, unit=unit.name, password=changed, **told)
    signals.desktop_changed.send(Desktop, unit=unit, by=by)
    return desktop


@transaction.atomic
def remove_desktop(unit: Unit, *, by: Any) -> None:
    """Sessions on the unit use the laboratory's link again. Raises Forbidden; Refused `final` or `no_desktop`."""
    instrument = lock_to_run(unit.instrument, by)
    deleted, _rows = Desktop.objects.filter(unit=unit).delete()
    if not deleted:
        raise Refused(Reason("no_desktop", _("This unit has no desktop.")))
    record(instrument, "remove_desktop", by=by, unit=unit.name)
    signals.desktop_changed.send(Desktop, unit=unit, by=by)


def ask(desktop: Desktop, now: datetime, *, every: timedelta) -> bool:
    """Claim the next attempt to reach it; False where another one began less than `every` ago."""
    free = Q(asked_at=None) | Q(asked_at__lte=now - every)
    return bool(Desktop.objects.filter(free, pk=desktop.pk).update(asked_at=now))


def note_answer(desktop: Desktop, trouble: str) -> bool:
    """Write how an attempt to reach `desktop` went: empty where it answered, else a code of DesktopTrouble.

    False where it was set anew, or taken away, while the attempt went on: that answer was somebody else's.
    """
    now, code = timezone.now(), DesktopTrouble(trouble).value if trouble else ""
    answered = {} if code else {"answered_at": now}
    rows = Desktop.objects.filter(pk=desktop.pk, updated_at=desktop.updated_at)
    return bool(rows.update(asked_at=now, trouble=code, **answered))


def _check(host: str, port: int, password: str, *, is_direct: bool) -> None:
    found = []
    if is_direct and not (len(host) <= 253 and HOST.fullmatch(host)):
        sentence = _("Write the name or the address of the PC alone, such as 10.20.0.5, without port or “vnc://”.")
        found.append(Reason("invalid_host", sentence))
    if is_direct and not 1 <= port <= 65535:
        found.append(Reason("invalid_port", _("A port lies between 1 and 65535; VNC usually takes 5900.")))
    if len(password) > LONGEST_PASSWORD or not password.isprintable():
        found.append(Reason("invalid_password", _("A password has at most 64 characters that can be printed.")))
    if found:
        raise Refused(*found)
