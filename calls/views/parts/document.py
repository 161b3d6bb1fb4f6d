"""An application as a PDF: what it says and what its people are told, to be kept or sent on."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.models import Application
from calls.steps import gives_hours
from calls.views.parts.beside import endorsement_of
from portal.core.files import no_store
from portal.core.times import clock_text, day_text, hours_text, zone_words

if TYPE_CHECKING:
    from portal.core.pdf import Paper

Rows = list[tuple[str, str]]


@require_safe
@login_required
def pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """For everybody who may open the application; reviewers without names may not, so there is no blind one."""
    application = get_object_or_404(Application.objects.visible_to(request.user).for_list(), ref=ref)
    response = HttpResponse(drawn(application), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="application-{application.ref}.pdf"'
    return no_store(response)


def drawn(application: Application) -> bytes:
    """The document in the active language and zone; what people wrote stays in theirs."""
    from portal.core.pdf import Paper  # 60 MB and a second that only those wait for who ask for a paper

    title = application.title or str(application.call)
    number = application.receipt or application.ref
    paper = Paper(
        title, language=get_language() or "en", running=f"{number} \u00b7 {title}", author=application.applicant.name
    )
    paper.paragraph(application.call.title, muted=True)
    paper.heading(title, 17)
    paper.rows(_head(application))
    for name, words in _texts(application):
        paper.heading(name)
        paper.paragraph(words.strip() or _("Not provided"))
    _samples(paper, application)
    _people(paper, application)
    _endorsement(paper, application)
    _files(paper, application)
    paper.ln(4)
    paper.paragraph(_("Printed %(moment)s.") % {"moment": _moment(timezone.now())}, muted=True)
    return paper.content()


def _head(application: Application) -> Rows:
    rows: Rows = [
        (_("Receipt number"), application.receipt or _("Not handed in yet")),
        (_("Reference"), application.ref),
        (_("State"), str(application.public_state.label)),
    ]
    if application.submitted_at:
        rows.append((_("Handed in"), _moment(application.submitted_at)))
    rows.append((_("Applicant"), application.applicant.name))
    rows.append((_("Organisation"), str(application.organisation or _("Not provided"))))
    if gives_hours(application.call):
        rows.append((_("Instrument"), str(application.instrument or _("Not provided"))))
        asked = application.minutes_requested
        rows.append((_("Time asked for"), hours_text(asked) if asked else _("Not provided")))
    return rows


def _texts(application: Application) -> Rows:
    question: Rows = [(_("The question"), application.question)]
    why: Rows = [(_("Why this instrument"), application.why_instrument)]
    plan: Rows = [(_("Plan for the results"), application.plan)]
    return question + (why if gives_hours(application.call) else []) + plan


def _samples(paper: "Paper", application: Application) -> None:
    if not gives_hours(application.call):
        return
    paper.heading(_("Samples and safety"))
    samples = list(application.samples.all())
    if not samples:
        paper.paragraph(_("No samples are declared."))
    for sample in samples:
        facts = [sample.composition, sample.get_form_display(), sample.quantity]
        if sample.hazards:
            facts.append(_("Hazards: %(hazards)s") % {"hazards": ", ".join(sample.hazard_names)})
        facts += [sample.hazard_words, _("To be sent back") if sample.is_return_wanted else ""]
        paper.row(sample.label, "\n".join(fact for fact in facts if fact))
    if application.safety_words:
        paper.row(_("Handled safely"), application.safety_words)


def _people(paper: "Paper", application: Application) -> None:
    paper.heading(_("Team"))
    paper.paragraph(application.team_words.strip() or _("Not provided"))
    for member in application.team.select_related("user"):
        who = member.user.name if member.user else _("%(address)s (invited)") % {"address": member.address}
        paper.row(str(member.get_role_display()), who)


def _endorsement(paper: "Paper", application: Application) -> None:
    found = endorsement_of(application)
    if found is None:
        return
    paper.heading(_("Endorsement"))
    words: dict[Any, str] = {True: _("Endorsed"), False: _("Not endorsed"), None: _("Asked for, not answered yet")}
    paper.row(str(application.organisation), words[found.is_given])
    if found.at:
        paper.row(_("When"), _moment(found.at))
    if found.by:
        paper.row(_("By"), found.by.name)
    if found.note:
        paper.row(_("Note"), found.note)


def _files(paper: "Paper", application: Application) -> None:
    files = list(application.attachments.all())
    if not files:
        return
    paper.heading(_("Files"))
    for file in files:
        paper.row(file.name, f"{filesizeformat(file.size)}, SHA-256 {file.sha256}")


def _moment(moment: Any) -> str:
    """`Monday 22 March 2027, 14:05 (Nairobi time)` on the reader's clock."""
    zone = timezone.get_current_timezone()
    return f"{day_text(moment)}, {clock_text(moment, zone)} ({zone_words(zone)})"
