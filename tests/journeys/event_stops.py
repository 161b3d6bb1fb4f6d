"""The pages of events that the looks, the weights and the crawl go through, and the rows behind them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.stories.enums import EventState
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.stories import EventCountryFactory, EventFactory
from tests.factories.trainings import TrainingFactory, TrainingPlaceFactory
from tests.journeys.stop import Stop

EVENTS = [
    Stop("events", "visitor", "/events/", "public"),
    Stop("events-none", "visitor", "/events/?q=nothingsuch", "public"),
    Stop("events-odd", "visitor", "/events/?kind=party", "public", 400),
    Stop("event-coming", "visitor", "/events/{coming_event}/", "public"),
    Stop("event-past", "visitor", "/events/{past_event}/", "public"),
    Stop("event-off", "visitor", "/events/{off_event}/", "public"),
    Stop("certificate-own", "researcher", "/certificates/{certificate}/", "public"),
    Stop("desk-events", "staff", "/desk/events/", "staff"),
    Stop("desk-event-new", "staff", "/desk/events/new/", "staff"),
    Stop("desk-event", "staff", "/desk/events/{past_event}/", "staff"),
    Stop("desk-event-edit", "staff", "/desk/events/{coming_event}/edit/", "staff"),
    Stop("desk-event-publish", "staff", "/desk/events/{draft_event}/publish/", "staff"),
    Stop("desk-event-cancel", "staff", "/desk/events/{coming_event}/cancel/", "staff"),
    Stop("desk-event-close", "staff", "/desk/events/{held_event}/close/", "staff"),
]


def events(cast: dict[str, Any]) -> dict[str, str]:
    """One in each state that looks different."""
    training = TrainingFactory(instrument=cast["instrument"])
    call = CallFactory(kind="training", minutes_offered=0, places_offered=2, training=training)
    start = timezone.now() + timedelta(days=20)
    coming = EventFactory(call=call, has_hours=True, starts_at=start, ends_at=start + timedelta(hours=3))
    coming.trainings.add(training)
    coming.techniques.add(TechniqueFactory(slug="sem"))
    past = EventFactory(over=True, people=71, women=37, source="The list of participants", partners="A partner")
    past.organisations.add(cast["laboratory"])
    for code in ("EG", "ZM", "MU"):
        EventCountryFactory(event=past, country=code, people=9)
    held = EventFactory(over=True, state=EventState.HELD, people=None, women=None)
    taught = TrainingFactory(instrument=cast["instrument"], over=True)
    TrainingPlaceFactory(training=taught, state="given", result="passed")
    held.trainings.add(taught)
    draft = EventFactory(state=EventState.DRAFT, published_at=None, title_fr="")
    off = EventFactory(state=EventState.CANCELLED, state_note="The hall is flooded.")
    rows = {"coming": coming, "past": past, "held": held, "draft": draft, "off": off}
    return {f"{name}_event": row.slug for name, row in rows.items()}
