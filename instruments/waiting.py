"""What waits for staff (proposed instruments, agreements that end), operators and those who propose an instrument."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from instruments.actions.agreement_clock import WARN_DAYS
from instruments.enums import WRITABLE, AgreementState, InstrumentState, TrainingState
from instruments.models import Agreement, Instrument, Training, TrainingWish
from portal.accounts.enums import Role
from portal.accounts.standing import held, memberships_of
from portal.core.dates import date_format
from portal.core.waiting import Lines, Waiting, each

MOST = 20


def waiting_for(user: Any) -> list[Lines]:
    """Four questions for operators and two for staff, none for most people; each has 20 lines at most."""
    lines: list[Lines] = []
    memberships = memberships_of(user)
    if Role.OPERATOR in held(memberships):
        lines = [_of_operator(user), _of_trainings(user), _of_wishes(user), _of_laboratory(user)]
    elif any(row.role == Role.OPERATOR for row in memberships):  # who proposes has asked to be one
        lines = [_of_operator(user)]
    return [*lines, _to_vet(), _of_agreements()] if user.is_staff else lines


def _to_vet() -> Lines:
    proposed = Instrument.objects.filter(state=InstrumentState.PROPOSED).select_related("organisation")
    sentence = _("Vet the instrument %(name)s")
    return Lines(proposed.order_by("updated_at")[:MOST], lambda rows: [_line(sentence, row) for row in rows])


def _of_operator(user: Any) -> Lines:
    """Instruments of the laboratories, and what this person proposes."""
    rows = Instrument.objects.filter(
        Q(pk__in=Instrument.objects.run_by(user).values("pk")) | Q(proposed_by=user)
    ).select_related("organisation")
    sentences = {
        InstrumentState.DRAFT: _("Finish your proposal of %(name)s"),
        InstrumentState.RETURNED: _("Answer what staff ask about %(name)s"),
        InstrumentState.SUSPENDED: _("%(name)s is suspended: resume it when it works again"),
    }
    own_drafts = ~Q(state=InstrumentState.DRAFT) | Q(proposed_by=user)
    found = rows.filter(own_drafts, state__in=sentences).order_by("updated_at")[:MOST]
    return Lines(found, lambda rows: [_line(sentences[InstrumentState(row.state)], row) for row in rows])


def _of_laboratory(user: Any) -> Lines:
    """Agreements that staff put to the laboratories of this operator."""
    rows = Agreement.objects.visible_to(user).filter(state=AgreementState.OFFERED)
    found = rows.select_related("instrument", "organisation").order_by("offered_at", "pk")[:MOST]
    sentence = _("Read the agreement on %(name)s and answer")
    return Lines(found, lambda rows: [_agreement(sentence, row, row.offered_at) for row in rows])


def _of_agreements() -> Lines:
    """Those that end within 90 days and that nothing follows."""
    rows = Agreement.objects.ending_by((timezone.now() + timedelta(days=max(WARN_DAYS))).date())
    sentence = _("Renew the agreement on %(name)s, or let it end")
    found = rows.select_related("instrument", "organisation")[:MOST]
    return Lines(found, lambda rows: [_agreement(sentence, row) for row in rows])


def _agreement(sentence: str, row: Agreement, when: datetime | None = None) -> Waiting:
    detail = _("%(laboratory)s, until %(day)s") % {"laboratory": row.organisation, "day": date_format(row.ends_on)}
    return Waiting(sentence % {"name": row.instrument.name}, row.get_absolute_url(), detail, when)


def _of_trainings(user: Any) -> Lines:
    """Trainings with places to answer or results to enter, of the laboratories this operator belongs to."""
    rows = Training.objects.run_by(user).to_settle().for_lists().order_by("starts_at", "pk")[:MOST]
    return Lines(rows, each(_training))


def _training(row: Training) -> Waiting:
    return Waiting(_of_training(row), row.get_absolute_url(), str(row.organisation), row.starts_at)


def _of_training(row: Training) -> str:
    if row.state == TrainingState.HELD:
        return _("Enter the results of %(title)s") % {"title": row.title}
    asked: int = row.asked  # type: ignore[attr-defined]  # annotated by for_lists
    words = ngettext(
        "%(count)d person asks for a place: %(title)s", "%(count)d people ask for a place: %(title)s", asked
    )
    return words % {"count": asked, "title": row.title}


def _of_wishes(user: Any) -> Lines:
    """One line for all, if there are any."""
    wishes = TrainingWish.objects.waiting().run_by(user).order_by()
    return Lines(wishes.values("state").annotate(count=Count("pk"), oldest=Min("created_at")), each(_wishes))


def _wishes(found: Any) -> Waiting:
    words = ngettext("%(count)d person asks to be trained", "%(count)d people ask to be trained", found["count"])
    return Waiting(words % {"count": found["count"]}, reverse("trainings:wishes"), when=found["oldest"])


def _line(sentence: str, instrument: Instrument) -> Waiting:
    return Waiting(
        title=sentence % {"name": instrument.name},
        url=_page_of(instrument),
        detail=instrument.state_note or str(instrument.organisation),
        when=instrument.updated_at,
    )


def _page_of(instrument: Instrument) -> str:
    """Where it is written on: the proposal's pages while it is one, else the desk's."""
    is_proposal = instrument.proposed_by_id is not None and instrument.state in WRITABLE
    return reverse("proposals:detail" if is_proposal else "desk_instruments:detail", args=[instrument.slug])
