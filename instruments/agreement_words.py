"""An agreement as a document: in the active language; what people wrote stays in theirs."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from instruments.enums import AgreementState
from instruments.models import Agreement
from portal.core.dates import date_format
from portal.core.times import hours_text

if TYPE_CHECKING:
    from portal.core.pdf import Paper

Rows = list[tuple[str, str]]
LINE = "_" * 40


def usual_gifts() -> str:
    """What the programme provides unless something else is agreed: the text that a new draft begins with."""
    return _(
        "The programme finds the users through calls, has their applications reviewed, and awards hours only after the "
        "laboratory has found a project feasible and safe. It runs the calendar, the reminders, the live sessions and "
        "the exchange of data, helps to train users, and names the laboratory in what it publishes."
    )


def facts(agreement: Agreement) -> Rows:
    """The agreement in rows of a label and words, as the page and the paper show it."""
    rows: Rows = [
        (_("Laboratory"), f"{agreement.organisation}, {countries.name(str(agreement.organisation.country))}"),
        (_("Programme"), str(settings.BRAND_NAME)),
        (_("Instrument"), _instrument(agreement)),
        (_("From"), date_format(agreement.starts_on)),
        (_("Until and including"), date_format(agreement.ends_on)),
    ]
    if agreement.minutes_a_year is not None:
        rows.append((_("Instrument time a year"), hours_text(agreement.minutes_a_year)))
    if agreement.renews:
        rows.append((_("Follows the agreement"), agreement.renews.ref))
    return rows


def drawn(agreement: Agreement) -> bytes:
    """The document as bytes of a PDF."""
    from portal.core.pdf import Paper  # much memory, and a second, that pages do without

    title = _("Agreement on access to %(instrument)s") % {"instrument": agreement.instrument.name}
    paper = Paper(title, language=get_language() or "en", running=f"{agreement.ref} · {title}")
    paper.heading(title, 17)
    paper.rows([(_("Reference"), agreement.ref), (_("State"), agreement.get_state_display()), *facts(agreement)])
    paper.heading(_("What the laboratory provides"))
    paper.paragraph(agreement.laboratory_gives)
    paper.heading(_("What the programme provides"))
    paper.paragraph(agreement.programme_gives)
    paper.heading(_("How it ends"))
    paper.paragraph(
        _(
            "It ends with its last day, unless both sides renew it, and earlier when one side asks for it in writing. "
            "Sessions that are booked are held or moved by agreement with those who booked them."
        )
    )
    _signed(paper, agreement)
    paper.paragraph(_("Printed %(moment)s.") % {"moment": date_format(timezone.localdate())}, muted=True)
    return paper.content()


def _signed(paper: "Paper", agreement: Agreement) -> None:
    paper.heading(_("Signed"))
    if agreement.agreed_at is None:
        paper.paragraph(_("Not agreed. This paper is a draft and binds nobody."))
        paper.rows([(_("For the laboratory"), LINE), (_("For the programme"), LINE)])
        return
    day = date_format(agreement.agreed_at.astimezone(agreement.zone).date())
    values = {"name": agreement.signatory, "day": day}
    rows: Rows = [(_("For the laboratory"), _("%(name)s, agreed in the portal on %(day)s") % values)]
    if agreement.offered_by and agreement.offered_at:
        day = date_format(agreement.offered_at.astimezone(agreement.zone).date())
        values = {"name": agreement.offered_by.name, "day": day}
        rows.append((_("For the programme"), _("%(name)s, offered in the portal on %(day)s") % values))
    paper.rows(rows)
    if agreement.state == AgreementState.ENDED:
        paper.paragraph(_("This agreement has ended."))


def _instrument(agreement: Agreement) -> str:
    row = agreement.instrument
    made = " ".join(part for part in (row.maker, row.model) if part)
    return f"{row.name} ({made})" if made else row.name
