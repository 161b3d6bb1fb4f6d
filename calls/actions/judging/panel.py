"""The panel of a call: who reviews, and who reviews what."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import conflicts, notices
from calls.actions.application.locks import check_running
from calls.actions.judging.locks import judged, reviewed
from calls.enums import ApplicationState, ReviewState
from calls.models import Application, Call, PanelMember, Review
from calls.rules.judging import may
from calls.spreading import Pair
from calls.spreading import spread as spread_evenly
from portal.accounts.models import User
from portal.audit.actions import record, record_each
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.notifications.actions import notify, reader

TOGETHER = timedelta(minutes=5)  # what is given within so long is told at once


@transaction.atomic
def add_member(call: Call, email: str, *, by: Any) -> PanelMember:
    """Let the holder of an account review applications of a call; adding somebody twice changes nothing.

    Raises Refused `no_account`, `call_over`.
    """
    call = _kept(call, by)
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        sentence = _("Nobody has an account under this address. Ask them to create one first.")
        raise Refused(Reason("no_account", sentence))
    member, is_new = PanelMember.objects.get_or_create(call=call, user=person)
    if is_new:
        record(call, "add_reviewer", by=by, person=person.pk)
        notify(notices.PANEL_JOINED, f"panel:{member.pk}", [reader(person)], {"member": member.pk})
    return member


@transaction.atomic
def remove_member(member: PanelMember, *, by: Any) -> None:
    """Take somebody off the panel with what they have not begun; what they handed in stays.

    Raises Refused `review_begun` while they have a review begun and not handed in.
    """
    call = _kept(member.call, by)
    open_ones = Review.objects.select_for_update().filter(
        application__call=call, reviewer=member.user, state=ReviewState.ASSIGNED
    )
    for review in open_ones:
        _take_back(review, by)
    record(call, "remove_reviewer", by=by, person=member.user_id)
    member.delete()


@transaction.atomic
def assign(application: Application, reviewer: Any, *, by: Any) -> Review:
    """Give one application to a member of the panel, who is told.

    Raises Refused `not_on_panel`, `already_assigned`, `conflict_of_interest`, `call_over`; WrongState before and after
    the review.
    """
    if not may(by, "assign_review", application):
        raise Forbidden
    call = _kept(application.call, by)
    application = judged(application, "assign", [ApplicationState.REVIEW])
    if not call.panel.filter(user=reviewer).exists():
        raise Refused(Reason("not_on_panel", _("This person is not on the panel of the call.")))
    if conflicts.exists_between(application, reviewer):
        sentence = _("%(person)s has a conflict of interest with this application and cannot review it.")
        raise Refused(Reason("conflict_of_interest", sentence % {"person": reviewer}))
    if application.reviews.filter(reviewer=reviewer).exists():
        sentence = _("%(person)s reviews this application already.")
        raise Refused(Reason("already_assigned", sentence % {"person": reviewer}))
    review = Review.objects.create(application=application, reviewer=reviewer)
    record(review, "assign", by=by, after=review.state)
    _tell(call, [reviewer])
    return review


@transaction.atomic
def unassign(review: Review, *, by: Any) -> None:
    """Take back a review that nobody has begun to write. Raises Refused `review_begun`, WrongState once handed in."""
    if not may(by, "unassign_review", review):
        raise Forbidden
    review = reviewed(review, "unassign", [ApplicationState.REVIEW, ApplicationState.PREPARED])
    _take_back(review, by)


@transaction.atomic
def spread(call: Call, *, by: Any) -> int:
    """Give every application in review as many reviewers as the call wants; return how many reviews were given.

    Nobody gets what they conflict with; the numbers lie as close together as that allows. Done again, nothing changes
    but what has become vacant. Applications that the person takes part in are left to somebody else.
    """
    call = _kept(call, by)
    pairs = _fair_pairs(call, by)
    reviews = Review.objects.bulk_create(
        [Review(application_id=application, reviewer_id=person) for application, person in pairs], batch_size=1000
    )
    record_each(reviews, "assign", by=by, after=ReviewState.ASSIGNED)
    record(call, "spread", by=by, reviews=len(reviews))
    _tell(call, User.objects.filter(pk__in={person for _application, person in pairs}).order_by("pk"))
    return len(reviews)


def _fair_pairs(call: Call, by: Any) -> list[Pair]:
    """New (application, reviewer) pairs, as primary keys; four statements whatever the number of rows."""
    loads = dict.fromkeys(call.panel.filter(user__is_active=True).values_list("user", flat=True), 0)
    if not loads:
        raise Refused(Reason("no_panel", _("Nobody is on the panel yet. Add reviewers first.")))
    conflicting = conflicts.pairs(call)
    barred: dict[int, set[int]] = defaultdict(set)
    done = Counter[int]()
    for application, person, state in Review.objects.filter(application__call=call).values_list(
        "application", "reviewer", "state"
    ):
        barred[application].add(person)
        if state != ReviewState.CONFLICT and (application, person) not in conflicting:
            done[application] += 1
            if person in loads:
                loads[person] += 1
    for application, person in conflicting:
        barred[application].add(person)
    in_review = Application.objects.filter(call=call, state=ApplicationState.REVIEW)
    own = conflicts.taking_part(OuterRef("pk"), by.pk)
    lacking = {pk: call.reviews_wanted - done[pk] for pk in in_review.exclude(own).values_list("pk", flat=True)}
    return spread_evenly({pk: number for pk, number in lacking.items() if number > 0}, barred, loads)


def _kept(call: Call, by: Any) -> Call:
    """Lock a running call whose panel `by` may keep: nobody else gives out its applications meanwhile."""
    if not may(by, "keep_panel"):
        raise Forbidden
    call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    check_running(call)
    return call


def _take_back(review: Review, by: Any) -> None:
    if review.state != ReviewState.ASSIGNED:
        raise WrongState("unassign", review.state)
    if review.to_applicant or review.to_panel or review.scores.exists():
        sentence = _("%(person)s has begun to write a review; ask them to hand it in or to declare a conflict.")
        raise Refused(Reason("review_begun", sentence % {"person": review.reviewer}))
    record(review, "unassign", by=by, before=review.state, application=review.application_id)
    review.delete()


def _tell(call: Call, people: Iterable[Any]) -> None:
    """Tell reviewers of all that is new within a few minutes in one message; it counts when it is sent."""
    due = _next_mark(timezone.now())
    for person in people:
        key = f"call:{call.pk}:{due:%Y%m%dT%H%M}"
        notify(notices.REVIEWS_ASSIGNED, key, [reader(person)], {"call": call.pk, "reviewer": person.pk}, due_at=due)


def _next_mark(moment: datetime) -> datetime:
    """The end of the span of TOGETHER that `moment` lies in."""
    span = TOGETHER.total_seconds()
    return datetime.fromtimestamp((moment.timestamp() // span + 1) * span, tz=moment.tzinfo)
