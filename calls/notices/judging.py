"""Messages to those who judge: laboratories and reviewers. None names an applicant, since some calls hide names."""

from typing import Any

from django.urls import reverse

from calls.enums import ApplicationState, CallState, ReviewState
from calls.models import Application, Call, PanelMember, Review
from instruments.models import Instrument
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _checks_waiting(data: dict[str, Any]) -> Context | None:
    """How many applications of a call wait for a laboratory's word about one instrument; None: none any more."""
    instrument = Instrument.objects.filter(pk=data["instrument"]).first()
    call = Call.objects.filter(pk=data["call"]).first()
    waiting = Application.objects.filter(
        call=data["call"], instrument=data["instrument"], state=ApplicationState.FEASIBILITY
    )
    count = waiting.count()
    if instrument is None or call is None or not count:
        return None
    return {"instrument": instrument, "call": call, "count": count, "url": absolute(reverse("pages:me"))}


def _panel_joined(data: dict[str, Any]) -> Context | None:
    member = PanelMember.objects.select_related("call").filter(pk=data["member"]).first()
    if member is None:
        return None
    return {"call": member.call, "url": absolute(reverse("reviews:list"))}


def _reviews_assigned(data: dict[str, Any]) -> Context | None:
    """What waits for a reviewer in one call by now."""
    reviews = Review.objects.free_of_conflict().filter(
        reviewer=data["reviewer"],
        application__call=data["call"],
        application__state=ApplicationState.REVIEW,
        state=ReviewState.ASSIGNED,
    )
    count = reviews.count()
    call = Call.objects.filter(pk=data["call"], state=CallState.PUBLISHED).first()
    if call is None or not count:
        return None
    return {"call": call, "count": count, "url": absolute(reverse("reviews:list"))}


def _review_reopened(data: dict[str, Any]) -> Context | None:
    reviews = Review.objects.select_related("application__call").filter(state=ReviewState.ASSIGNED)
    review = reviews.filter(pk=data["review"]).first()
    if review is None:
        return None
    return {"review": review, "why": data.get("why", ""), "url": absolute(review.get_absolute_url())}


CHECKS_WAITING = register(Kind("calls.checks_waiting", _checks_waiting))
PANEL_JOINED = register(Kind("calls.panel_joined", _panel_joined))
REVIEWS_ASSIGNED = register(Kind("calls.reviews_assigned", _reviews_assigned))
REVIEW_REOPENED = register(Kind("calls.review_reopened", _review_reopened))
