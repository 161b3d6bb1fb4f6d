"""What instruments announce to the apps above; sent inside the action's transaction, the instrument's row locked."""

from collections.abc import Iterable
from typing import Any

from django.dispatch import Signal

instrument_listed = Signal()  # instrument, by
instrument_suspended = Signal()  # instrument, by
instrument_resumed = Signal()  # instrument, by
instrument_retired = Signal()  # instrument, by
# Somebody begins a proposal with the token of an interest; no row locked, nothing changes. A receiver that knows the
# token returns {"institution": str, "offering": str, "techniques": [primary keys]}.
proposal_begins = Signal()  # token
desktop_changed = Signal()  # unit, by: its desktop was set anew or taken away

# Of the following a receiver may return a list of the rows that no longer fit (each with `__str__`, `start`, `end` and
# `get_absolute_url`): who changes the instrument is shown them. It raises Refused where the change must not be.
closure_added = Signal()  # closure, by
closure_removed = Signal()  # instrument, by
hours_changed = Signal()  # instrument, by, before: the week as it was, (weekday, opens, closes) in minutes
policy_changed = Signal()  # instrument, by, before: the policy as it was
units_changed = Signal()  # instrument, by

# A training was written anew (`changed`: the names of the fields), or called off; its row is locked. A receiver raises
# Refused where the change must not be, and may return those (Recipient) who hear of it beside whoever has a place.
training_changed = Signal()  # training, by, changed
training_cancelled = Signal()  # training, by, why

# `reference_data` writes what every installation needs; a receiver adds its own and returns a line in words of it.
reference_written = Signal()

# The practice instrument of a unit has measured a crystal; outside any transaction, no row locked.
run_finished = Signal()  # unit, files: list of (name, bytes), began and moment: when the run began, and was over


def answers_of(results: Iterable[tuple[Any, Any]]) -> list[Any]:
    """What the receivers of one of these returned, in one list."""
    return [row for _receiver, rows in results for row in rows or ()]
