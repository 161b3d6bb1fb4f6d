"""The desktop line of a session: `/ws/sessions/<ref>/desktop`."""

import asyncio
import dataclasses
import logging
import time
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from bookings.actions import attendance
from bookings.desktop import codes, rows
from bookings.desktop.codes import Cut
from bookings.desktop.dial import Line as Screen
from bookings.desktop.dial import Target
from bookings.desktop.lines import Line
from bookings.desktop.screens import Carrier, dial
from bookings.desktop.sockets import CutOff
from bookings.desktop.targets import target_of
from bookings.desktop.truth import Asked, Truth, door_cut, line_cut, read
from bookings.enums import Leaving, Part
from bookings.models import Session
from instruments.actions.desktop import note_answer
from instruments.enums import Clipboard, DesktopTrouble
from instruments.models import Desktop
from portal.accounts.models import User
from portal.core.errors import Refused
from portal.core.sealing import CannotUnseal

logger = logging.getLogger(__name__)


class DesktopLine(Line):
    """One person at the screen of one session; its row of attendance is written once the screen has answered."""

    _carrier: Carrier | None = None
    _joining: asyncio.Future[Asked] | None = None

    async def run(self) -> None:
        end = await self.serve(self._work())
        if self._joining is not None:
            await self._leave(self._joining, end.leaving)

    def why_not(self, now: datetime) -> Cut | None:
        if self._carrier is not None and time.monotonic() - self._carrier.heard_at > settings.DESKTOP_IDLE_SECONDS:
            return codes.IDLE
        return line_cut(self.truth, now)

    def took_in(self, before: Truth) -> None:
        had, has = before.may_control(self.person), self.truth.may_control(self.person)
        if had and not has and self._carrier is not None:
            self._carrier.let_go()

    async def _work(self) -> None:
        desktop, target = await rows.ask(_target, self.asked.session)
        screen = await self._dial(desktop, target)
        try:
            await _note(desktop, "")
            carrier = Carrier(self.socket, screen, self._rights)
            await carrier.greet()
            self._joining = asyncio.ensure_future(rows.ask(_join, self.asked, self.truth.part, self.watch.relay))
            self.asked = await asyncio.shield(self._joining)  # who is cut meanwhile has joined all the same, and leaves
            self.look(await rows.ask(_truth, self.asked), timezone.now())  # joining may have given control
            self._carrier = carrier
            await carrier.carry()
        finally:
            await screen.close()

    async def _dial(self, desktop: Desktop, target: Target) -> Screen:
        try:
            return await dial(target)
        except CutOff as error:
            await _note(desktop, error.reason)
            raise

    def _rights(self) -> tuple[bool, Clipboard]:
        return self.truth.may_control(self.person), self.truth.clipboard

    async def _leave(self, joining: asyncio.Future[Asked], why: Leaving) -> None:
        """If the database is away, the row is closed as an orphan later."""
        try:
            joined = await joining
            if joined.attendance is not None:
                await rows.ask(attendance.leave_line, joined.attendance, why)
        except CutOff:
            logger.info("a line was refused before it had joined")
        except (DatabaseError, OSError) as error:
            logger.warning("that a line ended cannot be noted: %s", error)


def check_door(truth: Truth, now: datetime) -> None:
    """Raises CutOff where the desktop is not open to this person at this moment."""
    if cut := door_cut(truth, now):
        raise CutOff(cut)


async def _note(desktop: Desktop, trouble: str) -> None:
    """Keep in the row, which the laboratory sees, how the attempt to reach it went."""
    try:
        await rows.ask(note_answer, desktop, trouble)
    except (DatabaseError, OSError) as error:
        logger.warning("how an instrument answered cannot be noted: %s", error)


def _target(session: int | None) -> tuple[Desktop, Target]:
    """The desktop and what to dial. Raises CutOff where the unit has none, or its password cannot be read."""
    desktop = Desktop.objects.filter(unit__bookings__session=session).first()
    if desktop is None:
        raise CutOff(codes.UNREACHABLE, DesktopTrouble.NO_ADDRESS.value)
    try:
        return desktop, target_of(desktop)
    except CannotUnseal:
        logger.exception("the password of desktop %s cannot be read", desktop.pk)
        raise CutOff(codes.UNREACHABLE, DesktopTrouble.PASSWORD.value) from None


def _join(asked: Asked, part: Part, relay: str) -> Asked:
    """Write the row of attendance. Raises CutOff where there are too many observers."""
    assert asked.session is not None
    session, who = Session.objects.get(pk=asked.session), User.objects.get(pk=asked.person)
    try:
        made = attendance.join_line(session, by=who, part=part, relay=relay)
    except Refused:
        raise CutOff(codes.CROWDED) from None
    return dataclasses.replace(asked, attendance=made.pk)


def _truth(asked: Asked) -> Truth | None:
    return read([asked], timezone.now()).get(asked.number)
