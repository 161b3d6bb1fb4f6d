"""The demo's mailbox: what workers sent lies in a folder (see portal/embedded/mail.py) and is shown to everybody."""

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

PER_PAGE = 20
LONGEST_NAME = 200  # file systems refuse more than 255 bytes
LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True)
class Mail:
    """One message in the folder; `name` is its file's, without the ending."""

    name: str
    message: EmailMessage

    @property
    def recipients(self) -> list[str]:
        return self.message.get_all("X-Envelope-To", [])

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def sent_at(self) -> datetime | None:
        date = self.message.get("Date")
        return date.datetime if date is not None else None

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part is not None else ""

    @property
    def has_html(self) -> bool:
        return self.message.get_body(("html",)) is not None


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Elsewhere there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return require_safe(guarded)


@demo_only
def mailbox(request: HttpRequest) -> HttpResponse:
    """All messages, the newest first; `?to=` keeps those to addresses that contain it."""
    recipient = request.GET.get("to", "").strip().lower()
    files = sorted(Path(settings.MAIL_SINK).glob("*.eml"), reverse=True)
    if recipient:
        files = [file for file in files if recipient in _envelope(file)]
    page = Paginator(files, PER_PAGE).get_page(request.GET.get("page"))
    mails = [_read(file) for file in page]
    return render(request, "pages/mailbox.html", {"page_obj": page, "mails": mails, "recipient": recipient})


@demo_only
def mailbox_message(request: HttpRequest, name: str) -> HttpResponse:
    """One message. `name` comes from a slug converter: no dots, no slashes, so it cannot leave the folder."""
    file = Path(settings.MAIL_SINK) / f"{name}.eml"
    if len(name) > LONGEST_NAME or not file.is_file():
        raise Http404
    mail = _read(file)
    return render(request, "pages/mailbox_message.html", {"mail": mail, "text": linked(mail.text)})


def linked(text: str) -> SafeString:
    """Return `text` as HTML in which addresses of this site, and only these, are links."""
    parts, end = [], 0
    for match in LINK.finditer(text):
        url = match.group()
        if url == settings.SITE_URL or url.startswith(f"{settings.SITE_URL}/"):
            parts += [escape(text[end : match.start()]), format_html('<a href="{0}">{0}</a>', url)]
            end = match.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _read(file: Path) -> Mail:
    return Mail(file.stem, email.message_from_bytes(file.read_bytes(), policy=email.policy.default))


def _envelope(file: Path) -> str:
    """The addresses a message went to, in lower case: the first lines of its file."""
    addresses = []
    with file.open("rb") as lines:
        for line in lines:
            name, _, value = line.decode(errors="replace").partition(":")
            if not name.startswith("X-Envelope-"):
                break
            if name == "X-Envelope-To":
                addresses.append(value.strip().lower())
    return " ".join(addresses)
