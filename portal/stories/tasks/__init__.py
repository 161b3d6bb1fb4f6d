"""What workers do for stories and events."""

from portal.stories.tasks.event import settle_events as settle_events
from portal.stories.tasks.picture import prepare_pictures as prepare_pictures
