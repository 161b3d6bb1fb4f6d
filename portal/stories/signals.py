"""What stories announce to the rooms above; sent inside the action's transaction."""

from django.dispatch import Signal

story_published = Signal()  # story, by
story_archived = Signal()  # story, by
event_published = Signal()  # event, by
event_closed = Signal()  # event, by: its figures stand
