"""WebSockets to the portal: certificate verified, the token in a header, redirects not followed."""

from websockets.asyncio.client import connect

from .config import Config
from .pairing import AGENT

MESSAGE_MOST = 1024 * 1024  # bytes
QUEUE = 4  # messages read ahead
WRITE_AHEAD = 256 * 1024  # bytes that may wait for the network before reading from the VNC server stops


class _Connect(connect):
    """The token is for the portal that was named, and for no other."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


def dial(config: Config, path: str = "") -> connect:
    """Open the control line, or what stands below it at `path`. Used with `async with`."""
    return _Connect(
        config.address + path,
        additional_headers={"Authorization": f"Bearer {config.token}"},
        user_agent_header=AGENT,
        proxy=None if config.is_near else True,
        compression=None,
        open_timeout=20,
        ping_interval=20,
        ping_timeout=20,
        close_timeout=5,
        max_size=MESSAGE_MOST,
        max_queue=QUEUE,
        write_limit=WRITE_AHEAD,
    )
