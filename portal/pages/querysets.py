"""What the pages above all apps ask of several of them."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from bookings.models import Booking
from calls.models import Application, Award, Call, Review
from instruments.models import Technique
from portal.stories.models import Event, Picture, Story

CALLS_AT_HOME = 3
EVENTS_AT_HOME = 3
COMING = 5


def calls_at_home(moment: datetime) -> QuerySet[Call]:
    """Open calls and those to come, the next deadline first."""
    calls = Call.objects.open_at(moment) | Call.objects.upcoming_at(moment)
    return calls.order_by("closes_at", "pk")[:CALLS_AT_HOME]


def events_at_home(moment: datetime) -> QuerySet[Event]:
    """Those that come next."""
    return Event.objects.coming(moment)[:EVENTS_AT_HOME]


def story_at_home() -> tuple[Story | None, Picture | None]:
    """The story to show first, and the first of its pictures that is drawn: three statements at most."""
    story = Story.objects.at_home().first()
    return story, story and Picture.objects.filter(story=story).ready().drawn().first()


def main_techniques() -> QuerySet[Technique]:
    return Technique.objects.filter(parent=None)


def coming_bookings(user: Any, moment: datetime) -> QuerySet[Booking]:
    """Active bookings that `user` made, takes part in or holds the award of, not yet over, soonest first."""
    taking_part = Booking.participants.through.objects.filter(user=user).values("booking")
    own = Q(booked_by=user) | Q(award__holder=user) | Q(pk__in=taking_part)
    coming = Booking.objects.filter(own).active().ending_after(moment).in_order()
    return coming.select_related("instrument__organisation", "session")[:COMING]


def own_applications(user: Any) -> QuerySet[Application]:
    """Those that `user` writes or wrote, the newest first."""
    return Application.objects.of_person(user).select_related("call")[:COMING]


def reviews_anything(user: Any) -> bool:
    """Whether `user` was ever given a review, kept on this very `user`: who was given none has none to write."""
    user.reviews_anything = Review.objects.filter(reviewer=user).exists()
    return bool(user.reviews_anything)


def own_awards(user: Any) -> QuerySet[Award]:
    """Awards that `user` holds, shares, or books from for the organisation; the latest to end first."""
    shared = Award.members.through.objects.filter(user=user).values("award")
    own = Q(pk__in=Award.objects.bookable_by(user).values("pk")) | Q(holder=user) | Q(pk__in=shared)
    return Award.objects.filter(own).select_related("instrument", "organisation")[:COMING]
