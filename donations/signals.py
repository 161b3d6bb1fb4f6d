"""What donations announce to the apps above; sent inside the action's transaction."""

from django.dispatch import Signal

match_completed = Signal()  # match
follow_up_answered = Signal()  # follow_up
