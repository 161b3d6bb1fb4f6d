"""What waits for those who judge: reviewers, laboratories, staff."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from calls.enums import ApplicationState, CallState, CheckKind, ReviewState
from calls.models import Application, Call, Check, Review
from portal.accounts.enums import Role
from portal.core.waiting import Lines, Waiting, each

MOST = 20
SOON = timedelta(days=3)
UNFINISHED = [ApplicationState.SCREENING, ApplicationState.RETURNED, ApplicationState.FEASIBILITY]


def to_judge(user: Any, roles: set[str]) -> list[Lines]:
    """Reviews to write and, for operators, applications to check; for staff what to screen and to decide.

    `roles` are those that `user` holds anywhere.
    """
    lines = []
    if getattr(user, "reviews_anything", None) is not False:  # the page may know that they were never given one
        lines.append(_reviews(user))
    if Role.OPERATOR in roles:
        lines.append(_to_check(user))
    return [*lines, _to_screen(), _refused(), _complete()] if user.is_staff else lines


def _reviews(user: Any) -> Lines:
    """One line a call."""
    mine = Review.objects.to_write(user).values("pk")
    calls = Call.objects.filter(applications__reviews__in=mine).annotate(number=Count("pk")).order_by("review_on", "pk")
    return Lines(calls[:MOST], each(_to_review, timezone.now()))


def _to_review(call: Any, now: datetime) -> Waiting:
    title = ngettext("%(count)d review to write: %(call)s", "%(count)d reviews to write: %(call)s", call.number) % {
        "count": call.number,
        "call": call.title,
    }
    due = _end_of(call.review_on, call) if call.review_on else None
    is_urgent = bool(due and due - now < SOON)
    return Waiting(title, reverse("reviews:list"), when=due, is_urgent=is_urgent)


def _end_of(day: date, call: Call) -> datetime:
    """The midnight with which a day ends on the clock of the call."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=call.zone)


def _to_check(user: Any) -> Lines:
    """One line for each application about which the laboratory has not said both words."""
    said = Check.objects.filter(application=OuterRef("pk"))
    both = Exists(said.filter(kind=CheckKind.FEASIBLE)) & Exists(said.filter(kind=CheckKind.SAFE))
    rows = Application.objects.to_check_by(user).exclude(both).for_list().order_by("submitted_at", "pk")
    return Lines(rows[:MOST], each(_check))


def _check(row: Application) -> Waiting:
    return Waiting(
        _("Feasible and safe? %(title)s") % {"title": row.title or row.ref},
        reverse("applications:feasibility", args=[row.ref]),
        row.instrument.name if row.instrument else "",
    )


def _to_screen() -> Lines:
    words = ngettext_lazy(
        "%(count)d application to screen: %(call)s", "%(count)d applications to screen: %(call)s", "count"
    )
    return _of_calls(_with(Q(applications__state=ApplicationState.SCREENING)), words, ApplicationState.SCREENING)


def _refused() -> Lines:
    """The laboratory said no; staff decide."""
    no = Check.objects.filter(is_passed=False, kind__in=[CheckKind.FEASIBLE, CheckKind.SAFE]).values("application")
    asked = Q(applications__state=ApplicationState.FEASIBILITY, applications__in=no)
    words = ngettext_lazy(
        "%(count)d application refused by a laboratory: %(call)s",
        "%(count)d applications refused by a laboratory: %(call)s",
        "count",
    )
    return _of_calls(_with(asked), words, ApplicationState.FEASIBILITY)


def _complete() -> Lines:
    """Closed calls in which every application in review has the reviews it wants, and none is on its way there."""
    of_call = Application.objects.filter(call=OuterRef("pk"))
    done = Count("reviews", filter=Q(reviews__state=ReviewState.SUBMITTED))
    lacking = (
        of_call.filter(state=ApplicationState.REVIEW).annotate(done=done).filter(done__lt=F("call__reviews_wanted"))
    )
    calls = Call.objects.closed_at(timezone.now()).filter(
        Exists(of_call.filter(state=ApplicationState.REVIEW)),
        ~Exists(of_call.filter(state__in=UNFINISHED)),
        ~Exists(lacking),
    )
    words = ngettext_lazy(
        "%(count)d application is reviewed: %(call)s", "All %(count)d applications are reviewed: %(call)s", "count"
    )
    number = Count("applications", filter=Q(applications__state=ApplicationState.REVIEW))
    return _of_calls(calls.annotate(number=number), words, ApplicationState.REVIEW)


def _with(asked: Q) -> QuerySet[Call]:
    """Running calls with `number` applications of that sort, where there are any."""
    running = Call.objects.filter(asked, state=CallState.PUBLISHED)
    return running.annotate(number=Count("applications", filter=asked, distinct=True))


def _of_calls(calls: Any, words: Any, state: ApplicationState) -> Lines:
    """A line a call, leading to its board in that state."""
    return Lines(calls.order_by("closes_at", "pk")[:MOST], each(_board, words, state))


def _board(call: Any, words: Any, state: ApplicationState) -> Waiting:
    url = f"{reverse('desk_calls:board', args=[call.slug])}?state={state.value}"
    return Waiting(words % {"count": call.number, "call": call.title}, url)
