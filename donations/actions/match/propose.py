"""Staff put an offer and a need together, and let the two sides know once somebody has approved it."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations import notices
from donations.actions.match.held import both_sides, held
from donations.actions.moving import move
from donations.actions.numbers import check, give_back, pair, take
from donations.matching import Verdict, judge, lacks_in_words
from donations.models import Match, Need, Offer
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.retry import in_transaction
from portal.notifications.actions import notify

ANSWER_WITHIN = timedelta(days=14)


def propose_match(need: Need, offer: Offer, quantity: int, *, by: Any, override_why: str = "") -> Match:
    """Speak for `quantity` pieces of `offer` for `need`.

    What breaks a hard condition needs a reason, which is kept with the match. Raises Forbidden, Refused: the codes of
    what the matcher misses, `not_so_many`, `need_not_open`, `offer_not_open`, `not_cleared`, `matched_already`.
    """
    if not by.has_perm("donations.make_match"):
        raise Forbidden
    return in_transaction(lambda: _propose(need, offer, quantity, by, override_why.strip()))


def _propose(need: Need, offer: Offer, quantity: int, by: Any, why: str) -> Match:
    need, offer = pair(need, offer)
    _refuse_twice(need, offer)
    check(need, offer, quantity)
    if not offer.is_cleared:
        sentence = _("Export clearance is asked for this offer and has not been given; no reason goes around that.")
        raise Refused(Reason("not_cleared", sentence))
    verdict = judge(need.pk, offer.pk)
    if verdict.lacks and not why:
        raise Refused(*[Reason(str(lack[0]), " ".join(lacks_in_words([lack]))) for lack in verdict.lacks])
    take(need, offer, quantity, by=by)
    match = Match.objects.create(
        need=need,
        offer=offer,
        quantity=quantity,
        proposed_by=by,
        override_why=why if verdict.lacks else "",
        **_judged(verdict),
    )
    record(match, "propose", by=by, after=match.state, why=match.override_why, quantity=quantity)
    return match


def _judged(verdict: Verdict) -> dict[str, Any]:
    return {"score": verdict.score, "parts": verdict.parts, "reasons": verdict.reasons}


def _refuse_twice(need: Need, offer: Offer) -> None:
    open_states = ("proposed", "approved", "accepted")
    if Match.objects.filter(need=need, offer=offer, state__in=open_states).exists():
        sentence = _("There is a match of these two already; change that one.")
        raise Refused(Reason("matched_already", sentence))


def approve_match(match: Match, *, by: Any) -> Match:
    """Tell both sides, who have two weeks to accept. Raises Forbidden, Refused."""
    if not by.has_perm("donations.make_match"):
        raise Forbidden
    return in_transaction(lambda: _approve(match, by))


def _approve(match: Match, by: Any) -> Match:
    match, _need, offer = held(match)
    if not offer.is_cleared:
        raise Refused(Reason("not_cleared", _("Export clearance is asked for this offer and has not been given.")))
    now = timezone.now()
    match.approved_by, match.approved_at, match.answer_by = by, now, now + ANSWER_WITHIN
    move(match, "approve", by=by, fields=["approved_by", "approved_at", "answer_by"])
    notify(notices.MATCH_APPROVED, f"match:{match.pk}", both_sides(match), {"match": match.pk})
    return match


@transaction.atomic
def reject_match(match: Match, *, by: Any, why: str) -> Match:
    """Staff take a proposal back; neither side has heard of it. Raises Forbidden, Refused."""
    if not by.has_perm("donations.make_match"):
        raise Forbidden
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why, so that colleagues understand it.")))
    match, need, offer = held(match)
    match.why = why.strip()
    move(match, "reject", by=by, why=match.why, fields=["why"])
    give_back(match, need, offer, by=by)
    return match
