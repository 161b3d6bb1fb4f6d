"""The demo's secret key: made once, kept beside the data, readable by its owner only."""

import os
import secrets
from pathlib import Path


def secret_key(var: Path | str) -> str:
    """The key in `var`/secret_key (0600), made by whoever asks first. Raises OSError when it cannot be kept."""
    folder = Path(var)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "secret_key"
    if not kept.exists():
        part = folder / f".secret_key-{os.getpid()}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(part, kept)  # unlike a rename it never replaces the key of a faster starter
        except FileExistsError:
            return kept.read_text()
        finally:
            part.unlink()
    return kept.read_text()
