"""What happened to a call, in a word a person reads; the history keeps the verbs."""

from django.utils.translation import gettext_lazy as _

HAPPENED = {
    "create": _("written"),
    "edit": _("changed"),
    "publish": _("published"),
    "announce": _("announced to those whom it speaks to"),
    "extend": _("extended"),
    "withdraw": _("withdrawn"),
    "decide": _("marked as decided"),
    "archive": _("archived"),
}
