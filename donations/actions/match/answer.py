"""Each side accepts or refuses an approved match, by its day."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from donations import notices
from donations.actions.match.held import both_sides, held, readers
from donations.actions.moving import move
from donations.actions.numbers import give_back
from donations.enums import MatchState, Side
from donations.models import Match
from donations.people import people_of_need, people_of_offer
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.retry import in_transaction
from portal.notifications.actions import notify

FIELDS = {Side.NEED: "need", Side.OFFER: "offer"}


def may_answer(user: Any, match: Match, side: Side) -> bool:
    return bool(user.has_perm(f"donations.accept_for_{FIELDS[side]}", match))


def accept_match(match: Match, *, side: Side, by: Any) -> Match:
    """`by` says yes for one side; with the second yes the match is accepted and staff prepare the shipment.

    Twice from one side changes nothing. Raises Forbidden, WrongState, Refused ("too_late").
    """
    return in_transaction(lambda: _accept(match, side, by))


def _accept(match: Match, side: Side, by: User) -> Match:
    match = _answerable(match, side, by)
    name = FIELDS[side]
    if getattr(match, f"{name}_accepted_at") is not None:
        return match
    setattr(match, f"{name}_accepted_at", timezone.now())
    setattr(match, f"{name}_accepted_by", by)
    fields = [f"{name}_accepted_at", f"{name}_accepted_by"]
    if match.need_accepted_at and match.offer_accepted_at:
        move(match, "accept", by=by, fields=fields, side=side.value)
        notify(notices.MATCH_ACCEPTED, f"match:{match.pk}", _all(match), {"match": match.pk})
    else:
        match.save(update_fields=[*fields, "updated_at"])
        record(match, "say_yes", by=by, before=match.state, after=match.state, side=side.value)
    return match


def refuse_match(match: Match, *, side: Side, by: Any, why: str) -> Match:
    """`by` says no for one side; the numbers go back and the other side and staff hear the reason."""
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; the other side is told.")))
    return in_transaction(lambda: _refuse(match, side, by, why.strip()))


def _refuse(match: Match, side: Side, by: User, why: str) -> Match:
    match = _answerable(match, side, by)
    match.refused_side, match.why = side, why
    move(match, "refuse", by=by, why=why, fields=["refused_side", "why"], side=side.value)
    give_back(match, match.need, match.offer, by=by, why=why)
    others = people_of_offer(match.offer) if side == Side.NEED else people_of_need(match.need)
    notify(notices.MATCH_REFUSED, f"match:{match.pk}", readers([*others, *staff_of(match)]), {"match": match.pk})
    return match


def _answerable(match: Match, side: Side, by: User) -> Match:
    """The match, locked with its two rows, while `by` may answer for `side`."""
    match, _need, _offer = held(match)
    if not may_answer(by, match, side):
        raise Forbidden
    if match.state != MatchState.APPROVED:
        raise WrongState("accept", match.state)
    if match.answer_by and match.answer_by <= timezone.now():
        raise Refused(Reason("too_late", _("The day to answer has passed. Write to us if it still suits you.")))
    return match


def staff_of(match: Match) -> list[User]:
    """The staff who put it together."""
    people = [match.proposed_by, match.approved_by]
    return [person for person in people if person is not None and person.is_active and person.is_staff]


def _all(match: Match) -> list[Any]:
    return [*both_sides(match), *(one for one in readers(staff_of(match)) if one not in both_sides(match))]
