"""The demo's secret key: made once, kept beside the data, readable by its owner only."""

import contextlib
import os
import secrets
from pathlib import Path

from .process import EngineError


def secret_key(var: Path | str) -> str:
    """The key in `var`/secret_key (0600), made by whoever asks first. Raises EngineError when it cannot be kept."""
    kept = Path(var) / "secret_key"
    try:
        if not kept.exists():
            _make(kept)
        return kept.read_text()
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise EngineError(
            f"The demo cannot keep its secret key in {kept} ({reason}); set VAR_DIR or SECRET_KEY."
        ) from error


def _make(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_name(f".secret_key-{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    with contextlib.suppress(FileExistsError):
        os.link(part, kept)  # unlike a rename it never replaces the key of a faster starter
    part.unlink()
