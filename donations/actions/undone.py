"""What becomes of a need's or an offer's matches when its people take it back."""

from typing import Any

from donations import notices
from donations.actions.match.held import both_sides, held
from donations.actions.moving import move
from donations.actions.numbers import give_back
from donations.enums import MatchState, Side
from donations.models import Match, Need, Offer
from portal.notifications.actions import notify


def undo_matches(thing: Need | Offer, *, by: Any, why: str) -> None:
    """Take back the matches that both sides have not accepted; those who knew of one are told.

    What is accepted or completed stays. The caller holds the lock of `thing` and reads it again afterwards.
    """
    side = Side.NEED if isinstance(thing, Need) else Side.OFFER
    pending: Any = thing.matches.filter(state__in=[MatchState.PROPOSED, MatchState.APPROVED])
    for match in pending.for_list().order_by("need_id", "offer_id"):
        _undo(match, side, by, why)


def _undo(match: Match, side: Side, by: Any, why: str) -> None:
    match, need, offer = held(match)
    match.why = why[:500]
    if match.state == MatchState.PROPOSED:
        move(match, "reject", by=by, why=why, fields=["why"])
    elif match.state == MatchState.APPROVED:
        match.refused_side = side
        move(match, "refuse", by=by, why=why, fields=["why", "refused_side"], side=side.value)
        notify(notices.MATCH_REFUSED, f"match:{match.pk}", both_sides(match), {"match": match.pk})
    else:
        return
    give_back(match, need, offer, by=by, why=why)
