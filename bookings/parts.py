"""The bytes of a file on its way: one file on disk, written under a lock that the kernel lifts when its holder dies.

The row says how many bytes count; what lies behind them on the disk is cut off by the next who writes.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

BLOCK = 256 * 1024  # bytes read and written at a time
RESERVE = 512 * 2**20  # bytes that stay free on the disk for everything else


class Busy(Exception):
    """Another request writes this file just now."""


class Broken(Exception):
    """The sender's line dropped or fell silent."""


@contextmanager
def locked(place: str) -> Iterator[int]:
    """The file's descriptor, for one request at a time; the file is made where it is missing. Raises Busy."""
    path = _path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield descriptor
    finally:
        os.close(descriptor)


def pour(descriptor: int, read: Callable[[int], bytes], start: int, length: int, digest: Any = None) -> int:
    """Write up to `length` bytes from `read` at `start`; return how many came, all of them on the disk by then.

    Fewer came when the line dropped. What lay behind `start` is gone. `digest` sees what is written.
    Raises OSError when the disk does not take them.
    """
    os.ftruncate(descriptor, start)
    os.lseek(descriptor, start, os.SEEK_SET)
    came = 0
    try:
        while came < length:
            block = _block(read, min(BLOCK, length - came))
            _write(descriptor, block)
            came += len(block)
            if digest is not None:
                digest.update(block)
    except Broken:
        pass  # what came is kept: the sender asks how much that is and goes on from there
    os.fsync(descriptor)
    return came


def cut(descriptor: int, size: int) -> None:
    os.ftruncate(descriptor, size)
    os.fsync(descriptor)


def size_of(place: str) -> int:
    """Bytes on the disk; none where there is no file."""
    try:
        return _path(place).stat().st_size
    except FileNotFoundError:
        return 0


def sha256_of(place: str) -> str:
    """In hexadecimal, read block by block."""
    with _path(place).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def has_room_for(size: int) -> bool:
    """Whether the disk would take `size` bytes and keep its reserve."""
    folder = Path(default_storage.path(""))
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free >= size + RESERVE


def drop(place: str) -> None:
    default_storage.delete(place)


def _path(place: str) -> Path:
    return Path(default_storage.path(place))


def _block(read: Callable[[int], bytes], most: int) -> bytes:
    """The next bytes of a body. Raises Broken where it ends too soon."""
    try:
        block = read(most)
    except OSError as error:
        raise Broken from error
    if not block:
        raise Broken
    return block


def _write(descriptor: int, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
