"""Certificates on paper, in the active language, with the address at which anybody can check them."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from instruments.models import Certificate
from portal.core.dates import date_format
from portal.core.errors import Reason, Refused
from portal.core.translated import text_and_language
from portal.notifications.links import absolute

CODE_WIDTH = 38  # millimetres


def drawn(certificate: Certificate) -> bytes:
    """The document as bytes of a PDF. Raises Refused for one that was revoked."""
    from portal.core.pdf import Paper  # 60 MB and a second that only those wait for who ask for a paper

    if certificate.revoked_at is not None:
        raise Refused(Reason("revoked", _("This certificate was revoked; there is no paper of it any more.")))
    address = absolute(certificate.get_absolute_url())
    title = _("Certificate %(code)s") % {"code": certificate.code}
    paper = Paper(title, language=get_language() or "en", running=title, author=certificate.organisation.name)
    paper.paragraph(certificate.organisation.name, muted=True)
    paper.heading(_("Certificate"), 22)
    paper.paragraph(_("This is to certify that"))
    paper.heading(certificate.name, 17)
    paper.paragraph(_sentence(certificate))
    paper.ln(4)
    paper.rows(_rows(certificate))
    paper.heading(_("Is it genuine?"))
    paper.paragraph(_("Anybody can check this certificate, and whether it still holds, at this address:"))
    paper.paragraph(address)
    paper.square(address, CODE_WIDTH)
    return paper.content()


def _sentence(certificate: Certificate) -> str:
    if certificate.training is None:
        return _("has shown that they can work with what is named below, and may book it on their own.")
    sentence = _("has passed the training “%(title)s”, and may book on their own what is named below.")
    return sentence % {"title": certificate.training.title}


def _rows(certificate: Certificate) -> list[tuple[str, str]]:
    rows = [(_("Instrument"), _name(certificate.instrument))] if certificate.instrument else []
    if certificate.technique:
        every = _("every instrument of this technique")
        rows.append((_("Technique"), f"{_name(certificate.technique)} ({every})"))
    if certificate.training:
        day = certificate.training.starts_at.astimezone(certificate.training.zone).date()
        rows.append((_("Training"), f"{certificate.training.title}, {_day(day)}"))
    laboratory = certificate.organisation
    country: Any = laboratory.country
    until = _day(certificate.valid_until) if certificate.valid_until else _("without end")
    return [
        *rows,
        (_("Given by"), f"{laboratory.name}, {country.name}"),
        (_("Issued on"), _day(certificate.issued_on)),
        (_("Valid until"), until),
        (_("Code"), certificate.code),
    ]


def _name(row: Any) -> str:
    return text_and_language(row, "name")[0]


def _day(day: Any) -> str:
    return date_format(day, "DATE_FORMAT")
