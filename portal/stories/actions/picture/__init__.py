"""Every deed on the pictures of stories, events and instruments, and what workers draw of them."""

from portal.stories.actions.picture.add import add_picture, most_pictures
from portal.stories.actions.picture.change import change_picture, remove_picture, try_again
from portal.stories.actions.picture.prepare import prepare_pictures

__all__ = ["add_picture", "change_picture", "most_pictures", "prepare_pictures", "remove_picture", "try_again"]
