"""The back office of stories, events and pages."""

from portal.stories.admin import picture as picture
from portal.stories.admin import event as event
