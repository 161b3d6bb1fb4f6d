"""Kinds of message with templates of their own, and a mail server that answers as it is told."""

import asyncio
import email
import email.policy
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.notifications.kinds import KINDS
from tests.notifications.kinds import ALL
from tests.support.environment import free_port


@pytest.fixture(autouse=True)
def testing_kinds(settings) -> Iterator[None]:
    folder = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder]}]
    KINDS.update({kind.name: kind for kind in ALL})
    yield
    for kind in ALL:
        del KINDS[kind.name]


class ScriptedServer:
    """A real SMTP server. `refusals[address]` are answers to RCPT, used up one by one; then everything is taken."""

    def __init__(self) -> None:
        self.refusals: dict[str, list[str]] = {}
        self.data_answers: list[str] = []
        self.received: list[tuple[str, EmailMessage]] = []
        self.connections = 0
        self.pause = 0.0  # seconds a message takes
        self.on_message: Callable[[int], None] = lambda number: None  # called before the answer
        self.port = free_port()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusals.get(address):
            return self.refusals[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.pause)
        if self.data_answers:
            return self.data_answers.pop(0)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.received.append((envelope.rcpt_tos[0], message))
        self.on_message(len(self.received))
        return "250 OK"

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.received]


@pytest.fixture
def server(settings) -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    controller = Controller(scripted, hostname="127.0.0.1", port=scripted.port, ready_timeout=60)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = scripted.port
    yield scripted
    controller.stop()
