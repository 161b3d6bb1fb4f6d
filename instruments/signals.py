"""What instruments announce to the apps above; sent inside the action's transaction."""

from django.dispatch import Signal

instrument_listed = Signal()  # instrument
instrument_suspended = Signal()  # instrument, by
