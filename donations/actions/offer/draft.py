"""Begin an offer. Its sections are saved by `donations.actions.draft`."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from donations.enums import OfferState
from donations.models import Offer
from donations.rules.thing import leads
from portal.accounts.models import Organisation
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused

MOST_DRAFTS = 2000  # of one donor: neither files nor clicks can fill the table
KNOWN = ("country", "city", "pick_up")  # of the donor's last offer: things stand where the last one stood


@transaction.atomic
def start_offer(*, by: Any, organisation: Organisation | None = None, **fields: Any) -> Offer:
    """A new draft of `by`, in the name of `organisation` if given; `fields` are columns that are known already.

    The place is that of their last offer. Raises Forbidden where they do not speak for the organisation, and Refused
    `too_many`.
    """
    if organisation is not None and not may_give_for(by, organisation):
        raise Forbidden
    refuse_too_many(by, 1)
    last = Offer.objects.filter(donor=by).order_by("-pk").first()
    known = {name: getattr(last, name) for name in KNOWN} if last else {"country": by.country}
    offer = Offer.objects.create(
        **{"donor": by, "organisation": organisation, "language": by.language} | known | fields,
        state=OfferState.DRAFT,
    )
    record(offer, "start", by=by, after=offer.state)
    return offer


def refuse_too_many(person: Any, more: int) -> None:
    """Raise Refused `too_many` where `person` would have more drafts than one can look through."""
    drafts = Offer.objects.filter(donor=person, state=OfferState.DRAFT).count()
    if drafts + more > MOST_DRAFTS:
        sentence = _("You have %(count)d drafts. Hand some in or withdraw them before you take over more.")
        raise Refused(Reason("too_many", sentence % {"count": drafts}))


def may_give_for(person: Any, organisation: Organisation) -> bool:
    """Its focal points give in an organisation's name; staff write down what it told them."""
    return bool(person.is_staff) or leads(person, organisation.pk)
