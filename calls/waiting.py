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
from portal.core.waiting import Lines, Waiting, each

SOON = timedelta(days=14)
URGENT = timedelta(days=3)
MOST = 20  # lines of one sort; the lists have the rest


def waiting_for(user: Any) -> list[Lines]:
    """What to answer, to hand in, to endorse, hours about to be lost; staff's drafts, and calls that close or did."""
    if not user.is_authenticated:
        return []
    roles = roles_of(user)
    lines = [_awards(user), _to_hand_in(user)]
    if user.is_staff or Role.FOCAL_POINT in roles:
        lines.append(_to_endorse(user))
    lines += to_judge(user, roles)
    return [*lines, _calls()] if user.is_staff else lines


def _awards(user: Any) -> Lines:
    """Offers to answer, then hours about to be lost, then reports to write, in one question."""
    now = timezone.now()
    return Lines(Award.objects.waiting_for(user, now, now + SOON, most=MOST), lambda rows: _award_lines(rows, now))


def _award_lines(awards: list[Award], now: datetime) -> list[Waiting]:
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


def _to_endorse(user: Any) -> Lines:
    """Applications that ask for the word of a focal point, or of staff where there is none."""
    rows = Application.objects.to_endorse_by(user).for_list().order_by("endorsement__updated_at", "pk")
    return Lines(rows[:MOST], each(_endorsement))


def _endorsement(row: Application) -> Waiting:
    return Waiting(
        _("Endorse or not: %(title)s") % {"title": row.title or row.call.title},
        reverse("applications:endorse", args=[row.ref]),
        f"{row.applicant}, {row.organisation}",
        row.call.closes_at if row.is_draft else None,
    )


def _to_hand_in(user: Any) -> Lines:
    """Applications that are with those who write them, and until when."""
    now = timezone.now()
    return Lines(Application.objects.to_hand_in(user, now)[:MOST], each(_own_application, now))


def _own_application(application: Any, now: datetime) -> Waiting:
    titles = {
        "draft": _("Application to finish: %(title)s"),
        "returned": _("Application to change: %(title)s"),
    }
    when = application.hand_in_by
    title = titles[application.state] % {"title": application.title or application.call.title}
    url = application.get_absolute_url()
    return Waiting(title, url, application.call.title, when, is_urgent=when - now < URGENT)


def _calls() -> Lines:
    """Staff's: drafts to publish, calls that close within two weeks, that closed, or whose outcomes are prepared."""
    now = timezone.now()
    return Lines(Call.objects.for_work_list(now, now + SOON).with_readiness()[:MOST], each(_call, now))


def _call(call: Any, now: datetime) -> Waiting:
    titles = {
        "draft": _("Draft to finish or publish: %(title)s"),
        "open": _("Closes soon: %(title)s"),
        "closed": _("Closed, to be decided: %(title)s"),
        "ready": _("Outcomes ready to release: %(title)s"),
    }
    kind = "draft" if call.state == CallState.DRAFT else call.phase_at(now).value
    kind = "ready" if kind == "closed" and call.is_ready else kind
    when = None if kind == "draft" else call.closes_at
    page = "desk_calls:call_outcomes" if kind == "ready" else "desk_calls:call"
    url = reverse(page, args=[call.slug])
    return Waiting(titles[kind] % {"title": call.title}, url, when=when, is_urgent=kind in ("closed", "ready"))
