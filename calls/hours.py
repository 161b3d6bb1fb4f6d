"""Why hours of an award cannot be used: the reasons that the ledger and the rules of booking share."""

from django.utils.translation import gettext as _

from portal.core.errors import Reason
from portal.core.times import hours_text


def not_active() -> Reason:
    return Reason("award_not_active", _("This award is not active, so its hours cannot be used."))


def not_enough(ref: str, wanted: int, balance: int) -> Reason:
    """`wanted` and `balance` are minutes."""
    values = {"wanted": hours_text(wanted), "balance": hours_text(balance), "ref": ref}
    return Reason("not_enough_hours", _("This takes %(wanted)s; the award %(ref)s has %(balance)s left.") % values)
