"""What becomes of the pieces in a shipment: delivered, back to both sides, or gone."""

from typing import Any

from donations.actions.match import complete_match
from donations.actions.moving import move
from donations.actions.numbers import give_back
from donations.enums import MatchState
from donations.models import Match, Shipment
from portal.audit.actions import record


def deliver(row: Shipment, matches: list[Match], *, by: Any) -> None:
    """What is still open has come to stay."""
    for match in matches:
        complete_match(match, by=by)
        _close(row, match)


def hand_back(row: Shipment, matches: list[Match], *, by: Any, why: str, are_lost: bool) -> None:
    """These matches came to nothing: their needs ask again; the pieces are their donors' again, or no more."""
    for match in matches:
        _fail(match, by=by, why=why, lost=match.quantity if are_lost else 0)
        _close(row, match)


def write_off(row: Shipment, match: Match, pieces: int, *, by: Any, why: str) -> None:
    """`pieces` of a match did not come, or not whole: they are gone, and the need asks for them again.

    Of a match that lost only a part, that part becomes a failed match of its own, so that the numbers of every match
    stay what they promised.
    """
    if pieces == match.quantity:
        hand_back(row, [match], by=by, why=why, are_lost=True)
        return
    part = _split(match, pieces, by=by, why=why)
    row.places.create(match=part, is_open=False)
    give_back(part, match.need, match.offer, by=by, lost=pieces, why=why)


def _split(match: Match, pieces: int, *, by: Any, why: str) -> Match:
    """The part that failed, on both sides as it was accepted."""
    part = Match.objects.get(pk=match.pk)
    part.pk, part.ref, part.quantity = None, Match._meta.get_field("ref").get_default(), pieces
    part.state, part.why, part._state.adding = MatchState.FAILED, why[:500], True
    part.save()
    record(part, "split", by=by, before=match.state, after=part.state, why=why, of=match.ref)
    match.quantity -= pieces
    match.save(update_fields=["quantity", "updated_at"])
    record(match, "shrink", by=by, before=match.state, after=match.state, why=why, pieces=pieces)
    return part


def _fail(match: Match, *, by: Any, why: str, lost: int) -> None:
    match.why = why[:500]
    move(match, "fail", by=by, why=why, fields=["why"], lost=lost)
    give_back(match, match.need, match.offer, by=by, lost=lost, why=why)


def _close(row: Shipment, match: Match) -> None:
    row.places.filter(match=match).update(is_open=False)
