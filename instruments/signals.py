"""What instruments announce to the apps above; sent inside the action's transaction, the instrument's row locked."""

from django.dispatch import Signal

instrument_listed = Signal()  # instrument, by
instrument_suspended = Signal()  # instrument, by
instrument_resumed = Signal()  # instrument, by
instrument_retired = Signal()  # instrument, by

# closure, by. A receiver may return a list of the rows that the closure runs into (each with `__str__` and
# `get_absolute_url`): the person who closes the instrument is shown them.
closure_added = Signal()
