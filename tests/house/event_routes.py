"""Who may read which address of events, and of what belongs to trainings and their certificates."""

from tests.factories.stories import EventFactory

EVERYBODY = frozenset(
    [
        *("visitor", "researcher", "focal_point", "operator", "reviewer", "donor", "staff", "admin_user"),
        *("stranger_researcher", "stranger_focal_point", "stranger_operator"),
    ]
)
STAFF = frozenset({"staff", "admin_user"})

READERS: dict[str, frozenset[str]] = {
    "api:event-list": EVERYBODY,
    "api:event-detail": EVERYBODY,
    "events:list": EVERYBODY,
    "events:detail": EVERYBODY,
    "events:calendar": EVERYBODY,
    "desk_events:list": STAFF,
    "desk_events:new": STAFF,
    "desk_events:event": STAFF,
    "desk_events:edit": STAFF,
    "desk_events:publish": STAFF,
    "desk_events:cancel": STAFF,
    "desk_events:close": STAFF,
    "trainings:calendar": EVERYBODY,
    "certificates:pdf": STAFF | {"operator"},  # the laboratory that gave it, and its holder
}


def arguments_of() -> dict[tuple[str, str], str]:
    """One event, announced and over."""
    slug = EventFactory(over=True).slug
    return {(space, "slug"): slug for space in ("events", "desk_events", "api:event")}
