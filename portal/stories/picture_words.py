"""What happened to the pictures of a story or an event, in words a person reads."""

from django.utils.translation import pgettext_lazy

HAPPENED = {
    "add_picture": pgettext_lazy("picture", "a picture was added"),
    "change_picture": pgettext_lazy("picture", "words or crop of a picture were changed"),
    "remove_picture": pgettext_lazy("picture", "a picture was removed"),
    "draw_again": pgettext_lazy("picture", "a picture was to be prepared once more"),
}
