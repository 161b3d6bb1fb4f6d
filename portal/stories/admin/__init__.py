"""The back office of stories, events and pages."""

from portal.stories.admin import event as event
from portal.stories.admin import page as page
from portal.stories.admin import picture as picture
from portal.stories.admin import story as story
