"""Reads what the sample programme is made of: the TOML files in `content/`."""

import tomllib
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"


def read(name: str) -> dict[str, Any]:
    """Return the table in `content/<name>.toml`."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def read_all(folder: str) -> list[dict[str, Any]]:
    """Return the tables in `content/<folder>/`, in the order of the files' names."""
    files = sorted((CONTENT / folder).glob("*.toml"))
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
