"""An event is announced, held by the clock, closed with its figures, or cancelled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments.enums import PlaceState, TrainingState
from instruments.models import TrainingPlace
from instruments.versions import digest
from portal.audit.actions import record
from portal.core.errors import Conflict, Reason, Refused
from portal.notifications.actions import notify, reader
from portal.stories import notices, signals
from portal.stories.actions.event.common import locked, move, permit
from portal.stories.enums import EventState
from portal.stories.event_lacks import missing_to_publish
from portal.stories.models import Event, EventCountry
from portal.stories.states import EVENT_MOVES

LONGEST_WHY = 1000
Figures = Mapping[str, tuple[int | None, int | None]]  # country code -> people, of them women


@transaction.atomic
def publish_event(event: Event, *, by: Any, version: int | None = None) -> Event:
    """Announce a draft. `version`: of the text that this person looked at; None where nobody did.

    Raises Refused with all that is missing, WrongState, and Conflict where a colleague changed it meanwhile.
    """
    permit(by, event)
    fresh = locked(event)
    if version not in (None, fresh.version):
        sentence = _("This event was changed after you opened it. Look at it again before you go on.")
        raise Conflict(fresh.version, sentence)
    if fresh.state == EventState.DRAFT and (lacks := missing_to_publish(fresh)):
        raise Refused(*lacks)
    fresh.published_at = fresh.published_at or timezone.now()
    move(fresh, "publish", by=by)
    signals.event_published.send(Event, event=fresh, by=by)
    return fresh


@transaction.atomic
def cancel_event(event: Event, *, by: Any, why: str) -> Event:
    """Call it off: its page says why, those with a place on one of its trainings that go on are told.

    Trainings are their laboratories' to cancel, and calls are withdrawn apart.
    """
    permit(by, event)
    words = why.strip()
    if not words:
        raise Refused(Reason("no_reason", _("Say why the event is cancelled; readers of its page are told.")))
    if len(words) > LONGEST_WHY:
        raise Refused(Reason("too_long", _("Write %(count)d letters at most.") % {"count": LONGEST_WHY}))
    fresh = locked(event)
    fresh.state_note = words
    move(fresh, "cancel", by=by, why=words)
    if fresh.published_at is not None:
        notify(notices.EVENT_CANCELLED, f"event:{fresh.pk}", _those_with_places(fresh), {"event": fresh.pk})
    return fresh


def version_of_figures(event: Event) -> str:
    """Which figures somebody enters or corrects; see `close_event`."""
    rows = {code: (people, women) for code, people, women in event.countries.values_list("country", "people", "women")}
    return _version(event.people, event.women, event.source, rows)


def _version(people: int | None, women: int | None, source: str, countries: Figures) -> str:
    return digest({"people": people, "women": women, "source": source.strip(), "countries": dict(countries)})


@transaction.atomic
def close_event(
    event: Event,
    *,
    by: Any,
    people: int | None,
    women: int | None,
    source: str = "",
    countries: Figures | None = None,
    seen: str = "",
) -> Event:
    """Enter what came of it, and close it: numbers that nobody knows stay None.

    `seen`: the version of the figures that were looked at, empty where nobody did. Raises Refused where the numbers
    disagree, and Conflict where a colleague entered others meanwhile.
    """
    permit(by, event)
    fresh = locked(event)
    _check_seen(fresh, seen, _version(people, women, source, countries or {}))
    _write_figures(fresh, people, women, source, countries or {})
    move(fresh, "close", by=by, people=people, women=women)
    signals.event_closed.send(Event, event=fresh, by=by)
    return fresh


@transaction.atomic
def correct_figures(
    event: Event,
    *,
    by: Any,
    people: int | None,
    women: int | None,
    source: str = "",
    countries: Figures | None = None,
    seen: str = "",
) -> Event:
    """Put the figures of a closed event right, as `close_event` takes them; the history keeps the earlier ones.

    Where nothing is other than before nothing is written: a form sent twice is in nobody's way.
    """
    permit(by, event)
    fresh = locked(event)
    if fresh.state != EventState.CLOSED:
        raise Refused(Reason("not_closed", _("This event has no figures yet to correct.")))
    typed = _version(people, women, source, countries or {})
    _check_seen(fresh, seen, typed)
    if typed == version_of_figures(fresh):
        return fresh
    before: dict[str, Any] = {"people_before": fresh.people, "women_before": fresh.women}
    _write_figures(fresh, people, women, source, countries or {})
    fresh.save()
    record(fresh, "correct", by=by, people=people, women=women, **before)
    signals.event_closed.send(Event, event=fresh, by=by)
    return fresh


def hold_over(now: datetime) -> int:
    """Note that announced events whose end has passed were held; return how many."""
    return sum(_hold(pk, now) for pk in Event.objects.over(now).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _hold(pk: int, now: datetime) -> bool:
    """One of them, looked at again under its lock: staff may be writing another end just now."""
    event = Event.objects.select_for_update().over(now).filter(pk=pk).first()
    if event is None or event.state not in EVENT_MOVES["hold"][0]:
        return False
    move(event, "hold")
    return True


def _check_seen(event: Event, seen: str, typed: str) -> None:
    """Raise Conflict where other figures than those that were looked at, or are typed, stand there."""
    version = version_of_figures(event)
    if seen and version not in (seen, typed):
        raise Conflict(version)


def _write_figures(event: Event, people: int | None, women: int | None, source: str, countries: Figures) -> None:
    """Set the columns of a locked event, and replace its countries. Raises Refused `women` or `people`."""
    numbers = [(people, women), *countries.values()]
    if any(of_them is not None and (number is None or of_them > number) for number, of_them in numbers):
        raise Refused(Reason("women", _("There cannot be more women than people.")))
    if any(number is not None and number < 0 for pair in numbers for number in pair):
        raise Refused(Reason("negative", _("Numbers of people cannot be below zero.")))
    known = sum(number or 0 for number, _women in countries.values())
    if people is not None and known > people:
        raise Refused(Reason("people", _("The countries add up to more people than came.")))
    event.people, event.women, event.source = people, women, source.strip()
    event.countries.all().delete()
    EventCountry.objects.bulk_create(
        EventCountry(event=event, country=code, people=number, women=of_them)
        for code, (number, of_them) in sorted(countries.items())
    )


def _those_with_places(event: Event) -> list[Any]:
    places = TrainingPlace.objects.filter(
        training__in=event.trainings.all(), training__state=TrainingState.PUBLISHED, state=PlaceState.GIVEN
    )
    people = {place.user_id: place.user for place in places.select_related("user") if place.user.is_active}
    return [reader(person) for person in people.values()]
