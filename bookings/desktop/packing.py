"""The connector's program as one file: its source and the library `websockets`, as any Python from 3.11 runs it.

The same source gives the same bytes, so people can compare the SHA-256 of what they downloaded.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import bookings.connector
from bookings.connector import VERSION

NAME = f"remote-access-connector-{VERSION}.pyz"
SHEBANG = b"#!/usr/bin/env python3\n"
START = """\
import sys

if sys.version_info < (3, 11):
    sys.exit("The connector needs Python 3.11 or newer; this is " + sys.version.split()[0])
from connector.main import main

sys.exit(main())
"""
LEFT_OUT = ("legacy", "trio", "sync", "speedups")  # parts of the library that the program does not use
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Program:
    """The file's name for people, its bytes, and their SHA-256 in hexadecimal."""

    name: str
    data: bytes
    sha256: str


@cache
def program() -> Program:
    """Pack it, once a process."""
    packed = io.BytesIO(SHEBANG)
    packed.seek(len(SHEBANG))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(_files()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    data = packed.getvalue()
    return Program(NAME, data, hashlib.sha256(data).hexdigest())


def _files() -> Iterator[tuple[str, bytes]]:
    yield "__main__.py", START.encode()
    for path in Path(bookings.connector.__path__[0]).glob("*.py"):
        yield f"connector/{path.name}", path.read_bytes()
    library = distribution("websockets")
    for file in library.files or ():
        is_source = file.parts[0] == "websockets" and file.suffix == ".py"
        if is_source and not any(part.removesuffix(".py") in LEFT_OUT for part in file.parts[1:2]):
            yield str(file), Path(str(library.locate_file(file))).read_bytes()
        if file.name == "LICENSE":
            yield "websockets/LICENSE", Path(str(library.locate_file(file))).read_bytes()
