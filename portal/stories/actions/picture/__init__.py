"""Every deed on the pictures of stories and events, and what workers draw of them."""

from portal.stories.actions.picture.add import MOST_PICTURES, add_picture
from portal.stories.actions.picture.change import change_picture, remove_picture, try_again
from portal.stories.actions.picture.prepare import prepare_pictures

__all__ = ["MOST_PICTURES", "add_picture", "change_picture", "prepare_pictures", "remove_picture", "try_again"]
