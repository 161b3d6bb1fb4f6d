"""What waits for staff at the gate: needs to verify, offers to vet."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.enums import NeedState, OfferState
from donations.models import Need, Offer
from portal.core.waiting import Lines, Waiting, each

SHOWN = 10
PATIENCE = timedelta(days=14)  # of those who handed it in


def gate_waiting_for(now: datetime) -> list[Lines]:
    """The longest waiting first, needs before offers."""
    needs = Need.objects.filter(state=NeedState.SUBMITTED).for_list().order_by("submitted_at", "pk")[:SHOWN]
    offers = Offer.objects.filter(state=OfferState.VETTING).for_list().order_by("submitted_at", "pk")[:SHOWN]
    return [Lines(needs, each(_to_verify, now)), Lines(offers, each(_to_vet, now))]


def _to_verify(need: Need, now: datetime) -> Waiting:
    return Waiting(
        title=_("Verify the need: %(title)s") % {"title": need},
        url=reverse("desk_donations:need", args=[need.ref]),
        detail=_waits(str(need.organisation), need.submitted_at, now),
        when=need.submitted_at,
        is_urgent=_is_long(need.submitted_at, now),
    )


def _to_vet(offer: Offer, now: datetime) -> Waiting:
    return Waiting(
        title=_("Vet the offer: %(title)s") % {"title": offer},
        url=reverse("desk_donations:offer", args=[offer.ref]),
        detail=_waits(str(offer.organisation or offer.donor), offer.submitted_at, now),
        when=offer.submitted_at,
        is_urgent=_is_long(offer.submitted_at, now),
    )


def _waits(who: str, since: datetime | None, now: datetime) -> str:
    """`Lakeside University, waits for 12 days`."""
    days = (now - since).days if since else 0
    if not days:
        return who
    words = ngettext("%(who)s, waits for %(days)d day", "%(who)s, waits for %(days)d days", days)
    return words % {"who": who, "days": days}


def _is_long(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since > PATIENCE
