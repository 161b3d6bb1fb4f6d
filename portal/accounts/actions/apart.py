"""Two organisations that look like one: staff say that they are two, and may take it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import rules
from portal.accounts.enums import OrganisationState
from portal.accounts.models import KnownPair, Organisation, User
from portal.audit.actions import entry, record_all
from portal.core.errors import Forbidden, Reason, Refused


@transaction.atomic
def tell_apart(one: Organisation, other: Organisation, *, by: User) -> KnownPair:
    """Note that these are two: they are no longer shown as probably entered twice. Said again it changes nothing.

    Raises Forbidden, Refused `same` or `merged`.
    """
    first, second = _locked(one, other, by)
    pair, is_new = KnownPair.objects.get_or_create(first=first, second=second, defaults={"said_by": by})
    if is_new:
        _note("tell_apart", first, second, by)
    return pair


@transaction.atomic
def compare_again(one: Organisation, other: Organisation, *, by: User) -> None:
    """Let the two be shown again where they look like one. Raises Forbidden, Refused `same` or `merged`."""
    first, second = _locked(one, other, by)
    deleted, _tables = KnownPair.objects.filter(first=first, second=second).delete()
    if deleted:
        _note("compare_again", first, second, by)


def _locked(one: Organisation, other: Organisation, by: User) -> tuple[Organisation, Organisation]:
    """Both rows, the smaller primary key first, in the order in which a merge locks them."""
    if not rules.is_staff(by):
        raise Forbidden
    if one.pk == other.pk:
        raise Refused(Reason("same", _("Choose two organisations: this is one.")))
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=[one.pk, other.pk]).order_by("pk")
    first, second = rows
    if OrganisationState.MERGED in (first.state, second.state):
        raise Refused(Reason("merged", _("This entry was merged into another in the meantime.")))
    return first, second


def _note(verb: str, first: Organisation, second: Organisation, by: User) -> None:
    """In the history of both."""
    record_all([entry(first, verb, by=by, other=second.slug), entry(second, verb, by=by, other=first.slug)])
