"""What people offered as a story and nobody has begun: reports of awards, and answers about gifts. No copies."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F

from bookings.models import Outcome
from donations.models import FollowUp

SHOWN = 50


class Idea(NamedTuple):
    """`sort` and `pk` name the row; `words` are what was told, `consent` the wording agreed to."""

    sort: str
    pk: int
    title: str
    who: str
    words: str
    consent: str
    at: datetime | None


def ideas() -> list[Idea]:
    """The newest first, in two statements."""
    found = [*_reports(), *_answers()]
    return sorted(found, key=lambda idea: (idea.at is not None, idea.at), reverse=True)


def since_when() -> list[datetime]:
    """When each was offered, at most SHOWN, the longest waiting first: one statement."""
    return [at for (at,) in offered() if at]


def offered() -> Any:
    """The question behind it: rows of one moment."""
    reports = _open_reports().annotate(offered=F("reported_at")).order_by().values_list("offered")
    answers = _open_answers().annotate(offered=F("answered_at")).order_by().values_list("offered")
    return reports.union(answers, all=True).order_by("offered")[:SHOWN]


def _open_reports() -> Any:
    return Outcome.objects.filter(may_become_story=True, story=None)


def _open_answers() -> Any:
    return FollowUp.objects.filter(may_become_story=True, story=None)


def _reports() -> Iterator[Idea]:
    rows = _open_reports().select_related("award__holder", "award__organisation").order_by("-reported_at")
    for row in rows[:SHOWN]:
        who = f"{row.award.holder}, {row.award.organisation}"
        yield Idea("report", row.pk, row.award.title, who, row.summary, row.story_consent, row.reported_at)


def _answers() -> Iterator[Idea]:
    rows = _open_answers().select_related("match__need__organisation").order_by("-answered_at")
    for row in rows[:SHOWN]:
        need = row.match.need
        yield Idea("gift", row.pk, need.title, str(need.organisation), row.words, row.consent, row.answered_at)
