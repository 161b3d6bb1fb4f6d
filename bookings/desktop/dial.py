"""Opening the screen of a unit: the relay as a client of its VNC server, up to ServerInit.

A host is resolved once, every address is held against DESKTOP_ALLOWED_NETWORKS, and the very address that was looked
at is dialled: a name that answers differently the second time is never asked a second time. Each step has its seconds,
each length its bound. Trouble is a `DesktopError` whose `code` is one of `DesktopTrouble`.
"""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bookings.desktop import vncauth
from bookings.desktop.rfb import NO_SECURITY, VNC_SECURITY, ProtocolError, ServerInit, legible
from instruments.enums import DesktopTrouble

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

BUFFERED = 1 << 18  # bytes that a stream keeps before it stops reading
ADDRESSES_MOST = 4  # of one name that are tried
REASON_MOST = 1 << 10  # bytes of a refusal that are read
NAME_READ_MOST = 1 << 16  # bytes of a desktop's name that are read; a longer one is none
REPEATER = b"RFB 000.000\n"  # the preamble of an UltraVNC repeater
REFUSING = b"RFB 003.003\n"
ROOM_FIELD = 250  # bytes that name a room in answer to it

_resolvers = ThreadPoolExecutor(4, "resolver")  # of its own: a name server that hangs must not hold up other threads


class DesktopError(Exception):
    """A screen could not be opened. `code` is for the row and for people, the text for the log."""

    def __init__(self, code: DesktopTrouble, detail: str = ""):
        super().__init__(f"{code.value}: {detail}" if detail else code.value)
        self.code = code


@dataclass(frozen=True)
class Patience:
    """Seconds: for a name, for a connection to one address, for each step of the handshake, and for all of it."""

    resolve: float = 5
    connect: float = 5
    step: float = 5
    whole: float = 20


@dataclass(frozen=True)
class Direct:
    """A VNC server on a network that the portal may reach."""

    host: str
    port: int
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Practice:
    """A room of the practice instrument at `address`, `unix:/path` or `host:port`."""

    address: str
    room: str


@dataclass(frozen=True)
class Carried:
    """A VNC server behind a connector: `open` gives a stream to it, or raises DesktopError."""

    open: Callable[[], Awaitable[Streams]] = field(repr=False)
    password: str = field(default="", repr=False)


Target = Direct | Practice | Carried


@dataclass
class Line:
    """An open screen: what follows on `reader` are server messages. `init` is what its server said of itself."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    init: ServerInit

    async def close(self) -> None:
        await hang_up(self.writer)


def networks(texts: Iterable[str]) -> list[Network]:
    """DESKTOP_ALLOWED_NETWORKS as networks. Raises ValueError."""
    return [ipaddress.ip_network(text, strict=False) for text in texts]


def addresses_of(host: str) -> list[Address]:
    """Ask the system's resolver; what holds on one interface only is left out. Raises OSError, UnicodeError."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(answer[4][0]) for answer in answers if "%" not in str(answer[4][0])]


async def open_desktop(
    target: Target,
    *,
    allowed: Iterable[Network],
    patience: Patience | None = None,
    resolve: Callable[[str], list[Address]] = addresses_of,
) -> Line:
    """Dial and greet; the caller closes the line. Raises DesktopError, and nothing stays open then."""
    patience = patience or Patience()
    try:
        async with asyncio.timeout(patience.whole):
            reader, writer = await _dial(target, _Directory(list(allowed), resolve, patience.resolve), patience)
            try:
                init = await _Handshake(reader, writer, patience.step).run(target)
            except BaseException:
                await hang_up(writer)
                raise
    except TimeoutError as error:
        raise DesktopError(DesktopTrouble.SILENT, f"no screen in {patience.whole} s") from error
    return Line(reader, writer, init)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close without waiting for what is still to be sent."""
    transport = writer.transport
    if transport.get_write_buffer_size():
        transport.abort()
    writer.close()
    with contextlib.suppress(OSError):
        async with asyncio.timeout(1):
            await writer.wait_closed()


@dataclass(frozen=True)
class _Directory:
    """Where hosts are, as far as they may be dialled."""

    allowed: list[Network]
    resolve: Callable[[str], list[Address]]
    seconds: float

    async def look_up(self, host: str) -> list[Address]:
        """The addresses of a host that may be dialled, one at least and a few at most. Raises DesktopError."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self.seconds):
                found = await loop.run_in_executor(_resolvers, self.resolve, host)
        except (OSError, UnicodeError) as error:
            raise DesktopError(DesktopTrouble.NO_ADDRESS, f"{host}: {error or 'no answer'}") from error
        plain = [getattr(address, "ipv4_mapped", None) or address for address in found]  # judged as what it is
        within = [each for each in dict.fromkeys(plain) if any(each in network for network in self.allowed)]
        if not within:
            raise DesktopError(DesktopTrouble.FORBIDDEN, f"{host} is at {', '.join(map(str, found[:ADDRESSES_MOST]))}")
        return within[:ADDRESSES_MOST]


async def _dial(target: Target, directory: _Directory, patience: Patience) -> Streams:
    if isinstance(target, Carried):
        return await target.open()
    if isinstance(target, Practice):
        return await _dial_practice(target.address, patience)
    last = DesktopError(DesktopTrouble.UNREACHABLE, target.host)
    for address in await directory.look_up(target.host):
        try:
            async with asyncio.timeout(patience.connect):
                return await asyncio.open_connection(str(address), target.port, limit=BUFFERED)
        except OSError as error:
            last = DesktopError(DesktopTrouble.UNREACHABLE, f"{target.host}: {error or 'no answer'}")
    raise last


async def _dial_practice(address: str, patience: Patience) -> Streams:
    """The portal's own program: its address is a setting, no person's input, so no network is asked for."""
    try:
        async with asyncio.timeout(patience.connect):
            if address.startswith("unix:"):
                return await asyncio.open_unix_connection(address.removeprefix("unix:"), limit=BUFFERED)
            host, _, port = address.rpartition(":")
            return await asyncio.open_connection(host.strip("[]"), int(port), limit=BUFFERED)
    except OSError as error:
        raise DesktopError(DesktopTrouble.UNREACHABLE, f"practice instrument: {error or 'no answer'}") from error


class _Handshake:
    """The steps of a client up to ServerInit (RFC 6143, section 7.1 to 7.3), each with its seconds."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
        self._reader, self._writer, self._seconds = reader, writer, seconds
        self._is_vnc = False  # it has said so at least

    async def run(self, target: Target) -> ServerInit:
        try:
            if isinstance(target, Practice):
                await self._name_the_room(target.room)
                return await self._greet("")
            return await self._greet(target.password)
        except ProtocolError as error:
            raise DesktopError(DesktopTrouble.NOT_VNC, str(error)) from error
        except asyncio.IncompleteReadError as error:
            is_nonsense = error.partial and not self._is_vnc
            code = DesktopTrouble.NOT_VNC if is_nonsense else DesktopTrouble.REFUSED
            raise DesktopError(code, f"it hung up after {legible(error.partial)!r}") from error
        except OSError as error:
            raise DesktopError(DesktopTrouble.REFUSED, f"it broke off: {error}") from error

    async def _greet(self, password: str) -> ServerInit:
        is_newest = await self._agree_on_version()
        kind = await self._agree_on_security(password)
        if kind == VNC_SECURITY:
            await self._say(vncauth.response(password, await self._read(vncauth.CHALLENGE)))
        if kind == VNC_SECURITY or is_newest:
            await self._result(kind, is_newest)
        await self._say(b"\x01")  # shared: a viewer must never throw out the others
        return await self._server_init()

    async def _name_the_room(self, room: str) -> None:
        if await self._read(len(REPEATER)) != REPEATER:
            raise DesktopError(DesktopTrouble.NOT_VNC, "no practice instrument answers there")
        await self._say(f"ID:{room}".encode().ljust(ROOM_FIELD, b"\0"))

    async def _agree_on_version(self) -> bool:
        """Whether it speaks 3.8, not only 3.7. Others of version 3 above 8, and 4 and 5, understand 3.8."""
        said = await self._read(12)
        if not (said.startswith(b"RFB ") and said[4:7].isdigit() and said[7:8] == b"." and said[8:11].isdigit()):
            raise DesktopError(DesktopTrouble.NOT_VNC, f"it said {legible(said)!r}")
        version = int(said[4:7]), int(said[8:11])
        if said == REFUSING:
            await self._refused_in_the_old_way()
        if version < (3, 7) or said[11:] != b"\n":
            raise DesktopError(DesktopTrouble.NOT_VNC, f"it speaks {legible(said)!r}")
        self._is_vnc = True
        await self._say(b"RFB 003.007\n" if version == (3, 7) else b"RFB 003.008\n")
        return version != (3, 7)

    async def _refused_in_the_old_way(self) -> None:
        """A server that has had enough of somebody says so in RFB 3.3, TigerVNC at least. Returns if it did not."""
        await self._say(REFUSING)
        if not int.from_bytes(await self._read(4)):
            raise DesktopError(DesktopTrouble.REFUSED, await self._reason())

    async def _agree_on_security(self, password: str) -> int:
        number = (await self._read(1))[0]
        if not number:
            raise DesktopError(DesktopTrouble.REFUSED, await self._reason())
        offered = await self._read(number)
        if VNC_SECURITY in offered and password:
            kind = VNC_SECURITY
        elif NO_SECURITY in offered:
            kind = NO_SECURITY
        elif VNC_SECURITY in offered:
            raise DesktopError(DesktopTrouble.PASSWORD, "it asks for a password and none is kept")
        else:
            raise DesktopError(DesktopTrouble.SECURITY, f"it offers {sorted(offered)}")
        await self._say(bytes([kind]))
        return kind

    async def _result(self, kind: int, is_newest: bool) -> None:
        if result := int.from_bytes(await self._read(4)):
            wrong = kind == VNC_SECURITY and result == 1
            why = await self._reason() if is_newest else f"result {result}"
            raise DesktopError(DesktopTrouble.PASSWORD if wrong else DesktopTrouble.REFUSED, why)

    async def _reason(self) -> str:
        """Its words, as many as are read. One that says none has refused all the same."""
        try:
            length = int.from_bytes(await self._read(4))
            return legible(await self._read(min(length, REASON_MOST)))
        except (asyncio.IncompleteReadError, OSError, DesktopError):
            return "without a reason"

    async def _server_init(self) -> ServerInit:
        init, length = ServerInit.parse(await self._read(ServerInit.FIXED))
        if length > NAME_READ_MOST:
            raise DesktopError(DesktopTrouble.NOT_VNC, f"its name has {length} bytes")
        name = legible(await self._read(length))
        return ServerInit(init.width, init.height, init.pixels, name)

    async def _read(self, number: int) -> bytes:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._reader.readexactly(number)
        except TimeoutError as error:
            raise DesktopError(DesktopTrouble.SILENT, f"{number} bytes did not come") from error

    async def _say(self, data: bytes) -> None:
        self._writer.write(data)
        try:
            async with asyncio.timeout(self._seconds):
                await self._writer.drain()
        except TimeoutError as error:
            raise DesktopError(DesktopTrouble.SILENT, "it takes nothing") from error
