"""What waits for staff (proposed instruments) and for operators (their instruments, trainings and those who ask)."""

from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from instruments.enums import InstrumentState, TrainingState
from instruments.models import Instrument, Training, TrainingWish
from portal.accounts.enums import Role
from portal.accounts.standing import roles_of
from portal.core.waiting import Waiting

MOST = 20


def waiting_for(user: Any) -> list[Waiting]:
    """Return at most 20 lines, in three queries for operators and one for staff."""
    lines = []
    if Role.OPERATOR in roles_of(user):
        lines = [*_of_operator(user), *_of_trainings(user), *_of_wishes(user)]
    if user.is_staff:
        proposed = Instrument.objects.filter(state=InstrumentState.PROPOSED).select_related("organisation")
        lines += [_line(_("Vet the instrument %(name)s."), row) for row in proposed.order_by("updated_at")[:MOST]]
    return lines[:MOST]


def _of_operator(user: Any) -> list[Waiting]:
    rows = Instrument.objects.run_by(user).select_related("organisation").order_by("updated_at")
    sentences = {
        InstrumentState.RETURNED: _("Answer what staff ask about %(name)s."),
        InstrumentState.SUSPENDED: _("%(name)s is suspended: resume it when it works again."),
    }
    return [_line(sentences[InstrumentState(row.state)], row) for row in rows.filter(state__in=sentences)[:MOST]]


def _of_trainings(user: Any) -> list[Waiting]:
    """Trainings with places to answer or results to enter, of the laboratories this operator belongs to."""
    rows = Training.objects.run_by(user).to_settle().for_lists().order_by("starts_at", "pk")[:MOST]
    return [Waiting(_training(row), row.get_absolute_url(), str(row.organisation), row.starts_at) for row in rows]


def _training(row: Training) -> str:
    if row.state == TrainingState.HELD:
        return _("Enter the results of %(title)s.") % {"title": row.title}
    asked: int = row.asked  # type: ignore[attr-defined]  # annotated by for_lists
    words = ngettext(
        "%(count)d person asks for a place: %(title)s", "%(count)d people ask for a place: %(title)s", asked
    )
    return words % {"count": asked, "title": row.title}


def _of_wishes(user: Any) -> list[Waiting]:
    wishes = TrainingWish.objects.waiting().run_by(user).order_by()
    found = wishes.aggregate(count=Count("pk"), oldest=Min("created_at"))
    if not found["count"]:
        return []
    words = ngettext("%(count)d person asks to be trained", "%(count)d people ask to be trained", found["count"])
    return [Waiting(words % {"count": found["count"]}, reverse("trainings:wishes"), when=found["oldest"])]


def _line(sentence: str, instrument: Instrument) -> Waiting:
    return Waiting(
        title=sentence % {"name": instrument.name},
        url=reverse("desk_instruments:detail", args=[instrument.slug]),
        detail=instrument.state_note or str(instrument.organisation),
        when=instrument.updated_at,
    )
