"""Pairing: the code that the portal showed an operator becomes the token of this PC."""

import json
import platform
import ssl
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from . import VERSION
from .config import Config, legible

SECONDS = 20.0
ANSWER_MOST = 16_384  # bytes
AGENT = f"remote-access-connector/{VERSION}"


class PairingError(Exception):
    """The portal did not pair this PC; the text says why, and what to do."""


class _NoRedirects(HTTPRedirectHandler):
    """The code is for the portal that was named, and for no other."""

    def redirect_request(self, *_args: Any, **_values: Any) -> None:
        return None


def said_of(config: Config) -> dict[str, str]:
    """What this PC tells the portal of itself."""
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return {"name": config.name, "system": system, "version": VERSION, "target": config.target}


def pair(config: Config, code: str) -> str:
    """Return the token. Raises PairingError."""
    body = json.dumps({"code": code, **said_of(config)}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": AGENT}
    request = Request(f"{config.server}/connectors/pair/", body, headers, method="POST")  # noqa: S310 - checked
    try:
        with _opener(config).open(request, timeout=SECONDS) as answer:
            token = json.loads(answer.read(ANSWER_MOST))["token"]
    except HTTPError as error:
        raise PairingError(_words_of(config, error)) from error
    except URLError as error:
        raise PairingError(_reason(config, error.reason)) from error
    except OSError as error:
        raise PairingError(_reason(config, error)) from error
    except (ValueError, KeyError, TypeError):
        raise PairingError(f"{config.server} answers, but it is no portal for remote access.") from None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or len(token) > 200:
        raise PairingError(f"{config.server} answers, but not with a token.")
    return token


def _opener(config: Config) -> Any:
    """Certificates are verified; the system's proxy is used, but not towards this very PC."""
    handlers: list[Any] = [_NoRedirects(), HTTPSHandler(context=ssl.create_default_context())]
    if config.is_near:
        handlers.append(ProxyHandler({}))
    return build_opener(*handlers)


def _words_of(config: Config, error: HTTPError) -> str:
    """The portal's own sentence where it gave one."""
    if 300 <= error.code < 400:
        other = legible(error.headers.get("Location", "somewhere else"))
        return f"{config.server} leads on to {other}: write that address."
    try:
        return legible(json.loads(error.read(ANSWER_MOST))["detail"])
    except (OSError, ValueError, KeyError, TypeError):
        return f"{config.server} answers with an error ({error.code}). Is this the portal's address?"


def _reason(config: Config, error: Any) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{config.server} shows a certificate that this PC does not trust ({error.verify_message}). "
            "Nothing was sent. Ask whoever runs your network whether it inspects encrypted connections."
        )
    return f"{config.server} cannot be reached: {error}. Does a browser on this PC open it?"
