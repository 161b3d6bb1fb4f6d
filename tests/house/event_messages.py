"""The rows that messages of events are about, each in the state in which its message makes sense."""

from collections.abc import Callable
from functools import partial

from django.db.models import Model

from tests.factories.stories import EventFactory

EVENTS: dict[str, Callable[[], Model]] = {
    "stories.event_cancelled": partial(
        EventFactory, title_en="Élan 27", title_fr="Élan 27", state="cancelled", state_note="Flooded hall"
    ),
}
