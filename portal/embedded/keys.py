"""Secret keys: which are too weak, and the demo's own, made once, kept beside the data for its owner alone."""

import contextlib
import os
import secrets
from pathlib import Path

from .process import EngineError

SHORTEST = 32  # characters
FEWEST_DIFFERENT = 8  # letters: a random text of that length has twenty and more
UNSAFE = "django-insecure-"  # what `startproject` writes, to be replaced


def is_weak(key: str) -> bool:
    """Whether a key is missing, short, a placeholder, or the same few letters over and over."""
    return len(key) < SHORTEST or len(set(key)) < FEWEST_DIFFERENT or key.startswith(UNSAFE)


def weak_one(**keys: list[str]) -> str:
    """The name of the first of these settings with a weak key among its own, or an empty string."""
    return next((name for name, given in keys.items() if any(map(is_weak, given))), "")


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
