"""The program of the mail sink, run as a file of its own: it starts in a blink because it imports nothing of ours.

See `mail.py` for the layout of the folder it fills.
"""

import argparse
import asyncio
import itertools
import os
import signal
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


class Keep:
    """aiosmtpd's handler: accept everything, keep it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.numbers = itertools.count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        recipients = "".join(f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\n{recipients}".encode()
        content = envelope.content or b""
        name = f"{time.time_ns():020d}-{next(self.numbers):06d}"
        part = self.folder / f"{name}.part"
        try:
            part.write_bytes(head + (content if isinstance(content, bytes) else content.encode()))
            part.rename(self.folder / f"{name}.eml")
        except OSError as error:
            return f"452 {os.strerror(error.errno or 0)}"
        return "250 OK"


async def serve(folder: Path, port: int) -> None:
    """Take mail until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    handler = Keep(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True, loop=loop), HOST, port, backlog=512
    )
    done = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    await done.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Keep mail as files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    try:
        asyncio.run(serve(options.folder, options.port))
    except OSError as error:
        sys.exit(f"port {options.port}: {os.strerror(error.errno or 0).lower()}")


if __name__ == "__main__":
    main()
