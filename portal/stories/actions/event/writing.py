"""An event is drafted and changed; nobody overwrites anybody."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.actions import record
from portal.core.addresses import free_slug
from portal.core.errors import Conflict, Reason, Refused
from portal.stories.actions.event.common import locked, permit
from portal.stories.enums import EventState
from portal.stories.event_lacks import missing_to_publish
from portal.stories.models import Event

RELATED = ("trainings", "techniques", "organisations")


@transaction.atomic
def create_event(*, by: Any, **fields: Any) -> Event:
    """Create a draft; `fields` are columns and relations, the address part is made from the English title."""
    permit(by)
    columns = {name: value for name, value in fields.items() if name not in RELATED}
    event = Event(**columns)
    event.slug = free_slug(Event.objects.all(), fields.get("title_en") or fields.get("title_fr") or "", "event")
    event.version = 1
    event.save()
    _relate(event, fields)
    record(event, "create", by=by, after=event.state)
    return event


@transaction.atomic
def edit_event(event: Event, *, version: int, by: Any, **fields: Any) -> Event:
    """Change what is given; `version` is that of the event which was edited, else Conflict is raised where it differs.

    Raises Refused for a cancelled event, for other days once it is over, and for what a public event cannot be without.
    """
    permit(by, event)
    fresh = locked(event)
    if fresh.state == EventState.CANCELLED:
        raise Refused(Reason("cancelled", _("This event is cancelled; its page says so and stays as it is.")))
    changed = [name for name, value in fields.items() if _differs(fresh, name, value)]
    if not changed:
        return fresh
    if version != fresh.version:
        sentence = _("Somebody else saved this event while you were writing. Nothing is lost: choose what to keep.")
        raise Conflict(fresh.version, sentence)
    if fresh.state in (EventState.HELD, EventState.CLOSED) and not {"starts_at", "ends_at"}.isdisjoint(changed):
        raise Refused(Reason("over", _("This event is over: its days stay as they were.")))
    for name in changed:
        if name not in RELATED:
            setattr(fresh, name, fields[name])
    fresh.version += 1
    fresh.save()
    _relate(fresh, fields)
    if fresh.published_at is not None and (lacks := missing_to_publish(fresh)):
        raise Refused(*lacks)
    record(fresh, "edit", by=by, fields=sorted(changed))
    return fresh


def _differs(event: Event, name: str, value: Any) -> bool:
    if name in RELATED:
        return set(getattr(event, name).values_list("pk", flat=True)) != {row.pk for row in value}
    return bool(getattr(event, name) != value)


def _relate(event: Event, fields: dict[str, Iterable[Any]]) -> None:
    for name in RELATED:
        if name in fields:
            getattr(event, name).set(fields[name])
