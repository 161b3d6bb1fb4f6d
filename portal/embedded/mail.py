"""A mail sink: an SMTP server on loopback that keeps every message as a file and delivers none.

Layout of the folder (`var/mail` in the demo): one file a message, `<nanoseconds since 1970, 20 digits>-<number>.eml`.
Names sort by arrival, so the newest message is the last name. A file appears whole (it is written as `.part` and
renamed), begins with `X-Envelope-From` and one `X-Envelope-To` per recipient, and goes on with the message as it came.
"""

import socket
import sys
from pathlib import Path

from .addresses import mail_port
from .engine import Engine

HOST = "127.0.0.1"
PROGRAM = Path(__file__).with_name("smtp_sink.py")


class MailSink(Engine):
    """The sink as an engine: a process of its own, on the port that its folder gives unless told another."""

    title = "The mail sink"
    remedy = "set EMAIL_URL to use a mail server of your own"

    def __init__(self, folder: Path | str, *, port: int | None = None):
        super().__init__(folder)
        self.port = port or mail_port(self.folder)

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

    def answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as client:
                return client.recv(4) == b"220 "
        except OSError:
            return False

    def prepare(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except OSError as error:
                raise self.failed(f"port {self.port} is taken") from error

    def command(self) -> list[str | Path]:
        # -P: the folder of the program is not a place to import from
        return [sys.executable, "-P", PROGRAM, "--port", str(self.port), self.folder]
