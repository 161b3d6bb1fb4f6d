"""What happened to a story, in a word a person reads; the history keeps the verbs."""

from django.utils.translation import pgettext_lazy

from portal.stories import picture_words

HAPPENED = {
    "begin": pgettext_lazy("story", "begun"),
    "edit": pgettext_lazy("story", "changed"),
    "send": pgettext_lazy("story", "sent in"),
    "return": pgettext_lazy("story", "given back"),
    "publish": pgettext_lazy("story", "published"),
    "archive": pgettext_lazy("story", "taken off"),
    "feature": pgettext_lazy("story", "put on the home page"),
    "unfeature": pgettext_lazy("story", "no longer preferred on the home page"),
    "add_consent": pgettext_lazy("story", "somebody shown was named"),
    "give_consent": pgettext_lazy("story", "somebody shown agreed"),
    "withdraw_consent": pgettext_lazy("story", "somebody shown took their consent back"),
    "ask_again": pgettext_lazy("story", "those shown are asked again"),
    "drop_consent": pgettext_lazy("story", "somebody not shown was taken out"),
    **picture_words.HAPPENED,
}
