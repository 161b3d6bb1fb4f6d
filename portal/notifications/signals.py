"""What notifications announce to the apps above; sent inside the action's transaction."""

from django.dispatch import Signal

address_suppressed = Signal()  # address, cause (a word of enums.Cause), by
