"""What waits for somebody about calls and awards."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.enums import AwardState, CallState
from calls.models import Application, Award, Call
from calls.waiting_judging import to_judge
from portal.accounts.enums import Role
from portal.accounts.standing import roles_of
from portal.core.times import hours_text
from portal.core.waiting import Waiting

SOON = timedelta(days=14)
URGENT = timedelta(days=3)
MOST = 20  # lines of one sort; the lists have the rest


def waiting_for(user: Any) -> list[Waiting]:
    """What to answer, to hand in, to endorse, hours about to be lost; staff's drafts, and calls that close or did."""
    if not user.is_authenticated:
        return []
    roles = roles_of(user)
    to_endorse = _to_endorse(user) if user.is_staff or Role.FOCAL_POINT in roles else []
    lines = [*_awards(user), *_to_hand_in(user), *to_endorse, *to_judge(user, roles)]
    return [*lines, *_calls()] if user.is_staff else lines


def _awards(user: Any) -> list[Waiting]:
    """Offers to answer, then hours about to be lost, then reports to write, in one question."""
    now = timezone.now()
    awards = list(Award.objects.waiting_for(user, now, now + SOON, most=MOST))
    offers, active, ended = (
        [award for award in awards if award.state == state]
        for state in (AwardState.OFFERED, AwardState.ACTIVE, AwardState.ENDED)
    )
    return [*_offers(offers, now), *_expiring(active, now), *_reports(ended, now)]


def _offers(offers: list[Award], now: datetime) -> list[Waiting]:
    """The most pressing first, those without a day to answer by last."""
    offers.sort(key=lambda award: (award.answer_by is None, award.answer_by or now, award.pk))
    return [
        Waiting(
            title=_("Accept or turn down: %(title)s") % {"title": award.title},
            url=award.get_absolute_url(),
            detail=f"{award.gives}, {hours_text(award.granted_minutes)}" if award.is_bookable else award.gives,
            when=award.answer_by,
            is_urgent=award.answer_by is not None and award.answer_by - now < URGENT,
        )
        for award in offers
    ]


def _expiring(awards: list[Award], now: datetime) -> list[Waiting]:
    return [
        Waiting(
            title=_("%(hours)s left to book: %(title)s")
            % {"hours": hours_text(award.balance_minutes), "title": award.title},
            url=award.get_absolute_url(),
            detail=award.gives,
            when=award.ends_at,
            is_urgent=award.ends_at - now < URGENT,
        )
        for award in awards
    ]


def _reports(awards: list[Award], now: datetime) -> list[Waiting]:
    """Reports that the person owes for awards that ended, the first due first."""
    today = now.date()
    titles = {False: _("Report to write: %(title)s"), True: _("Report overdue: %(title)s")}
    return [
        Waiting(
            title=titles[award.is_report_overdue(today)] % {"title": award.title},
            url=award.get_absolute_url(),
            detail=award.gives,
            when=award.report_due_at,
            is_urgent=award.is_report_overdue(today),
        )
        for award in sorted(awards, key=lambda award: award.report_due_on or today)
    ]


def _to_endorse(user: Any) -> list[Waiting]:
    """Applications that ask for the word of a focal point, or of staff where there is none."""
    rows = Application.objects.to_endorse_by(user).for_list().order_by("endorsement__updated_at", "pk")
    return [
        Waiting(
            _("Endorse or not: %(title)s") % {"title": row.title or row.call.title},
            reverse("applications:endorse", args=[row.ref]),
            f"{row.applicant}, {row.organisation}",
            row.call.closes_at if row.is_draft else None,
        )
        for row in rows[:MOST]
    ]


def _to_hand_in(user: Any) -> list[Waiting]:
    """Applications that are with those who write them, and until when."""
    now = timezone.now()
    titles = {
        "draft": _("Application to finish: %(title)s"),
        "returned": _("Application to change: %(title)s"),
    }
    lines = []
    rows: Any = Application.objects.to_hand_in(user, now)
    for application in rows[:MOST]:
        when = application.hand_in_by
        title = titles[application.state] % {"title": application.title or application.call.title}
        url = application.get_absolute_url()
        lines.append(Waiting(title, url, application.call.title, when, is_urgent=when - now < URGENT))
    return lines


def _calls() -> list[Waiting]:
    """Staff's: drafts to publish, calls that close within two weeks, that closed, or whose outcomes are prepared."""
    now = timezone.now()
    titles = {
        "draft": _("Draft to finish or publish: %(title)s"),
        "open": _("Closes soon: %(title)s"),
        "closed": _("Closed, to be decided: %(title)s"),
        "ready": _("Outcomes ready to release: %(title)s"),
    }
    lines = []
    for call in Call.objects.for_work_list(now, now + SOON).with_readiness()[:MOST]:
        kind = "draft" if call.state == CallState.DRAFT else call.phase_at(now).value
        kind = "ready" if kind == "closed" and call.is_ready else kind
        when = None if kind == "draft" else call.closes_at
        page = "desk_calls:call_outcomes" if kind == "ready" else "desk_calls:call"
        url = reverse(page, args=[call.slug])
        is_urgent = kind in ("closed", "ready")
        lines.append(Waiting(titles[kind] % {"title": call.title}, url, when=when, is_urgent=is_urgent))
    return lines
