"""How many pieces of a need and of an offer are spoken for: never more than are wanted, never more than there are.

The caller holds the locks of both rows, the need's first; see `pair`.
"""

from typing import Any

from django.utils.translation import gettext as _

from donations.actions.moving import locked, move
from donations.enums import HOLDING, MatchState, NeedState, OfferState
from donations.models import Match, Need, Offer
from portal.core.errors import Reason, Refused


def pair(need: Need, offer: Offer) -> tuple[Need, Offer]:
    """Both as they are now, locked in the one order of locks."""
    return locked(need), locked(offer)


def check(need: Need, offer: Offer, quantity: int) -> None:
    """Raise Refused where these two are not open, or have not so many pieces left."""
    if need.state != NeedState.OPEN:
        raise Refused(Reason("need_not_open", _("This need is not open. Look again.")))
    if offer.state != OfferState.VETTED:
        raise Refused(Reason("offer_not_open", _("This offer is not to be had. Look again.")))
    most = min(need.left, offer.left)
    if not 1 <= quantity <= most:
        sentence = _("At most %(most)d can be matched: %(wanted)d are still wanted, %(there)d are still to be had.")
        values = {"most": most, "wanted": need.left, "there": offer.left}
        raise Refused(Reason("not_so_many", sentence % values))


def take(need: Need, offer: Offer, quantity: int, *, by: Any) -> None:
    """Speak for `quantity` pieces on both sides; where nothing is left, the side is matched. Raises Refused."""
    check(need, offer, quantity)
    for row in (need, offer):
        row.quantity_matched += quantity
        if row.left:
            row.save(update_fields=["quantity_matched", "updated_at"])
        else:
            move(row, "match", by=by, fields=["quantity_matched"])


def give_back(match: Match, need: Need, offer: Offer, *, by: Any, lost: int = 0, why: str = "") -> None:
    """Return the numbers of a match that came to nothing.

    `lost` of its pieces are no more: the need misses them again, the offer has them no longer. An offer of which
    nothing is left and nothing was handed over is lost as a whole.
    """
    need.quantity_matched -= match.quantity
    _saved(need, NeedState.MATCHED, "reopen", by=by, why=why)
    offer.quantity_matched -= match.quantity
    offer.quantity_lost += lost
    if offer.left:
        _saved(offer, OfferState.MATCHED, "reopen", by=by, why=why)
    else:
        offer.save(update_fields=["quantity_matched", "quantity_lost", "updated_at"])
        settle(need, offer, by=by)


def settle(need: Need, offer: Offer, *, by: Any) -> None:
    """Where every piece has arrived, the need is fulfilled and the offer handed over; where all is lost, it is lost."""
    if need.state == NeedState.MATCHED and not _under_way(need):
        move(need, "fulfil", by=by)
    if offer.state == OfferState.MATCHED and not _under_way(offer):
        move(offer, "hand_over" if offer.quantity_matched else "lose", by=by)


def _saved(row: Any, whole: str, verb: str, *, by: Any, why: str) -> None:
    """Save the numbers; what was matched as a whole is open again."""
    fields = ["quantity_matched", *(["quantity_lost"] if isinstance(row, Offer) else [])]
    if row.state == whole:
        move(row, verb, by=by, why=why, fields=fields)
    else:
        row.save(update_fields=[*fields, "updated_at"])


def _under_way(row: Any) -> bool:
    """Whether a match of it has still to be completed."""
    return bool(row.matches.filter(state__in=HOLDING).exclude(state=MatchState.COMPLETED).exists())
