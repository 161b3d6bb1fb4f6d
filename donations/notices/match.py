"""Messages about matches."""

from typing import Any

from donations.enums import MatchState
from donations.matching import in_words
from donations.models import Match
from donations.notices.moments import moment_in_words
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *states: MatchState) -> Context | None:
    """What the words need; None when the match has left the states in which the message makes sense."""
    match = Match.objects.for_list().filter(pk=data["match"]).first()
    if match is None or (states and match.state not in states):
        return None
    return {
        "match": match,
        "need": match.need,
        "offer": match.offer,
        "url": absolute(match.get_absolute_url()),
        "reasons": in_words(match.reasons),
        "why": match.why,
        "answer_by": match.answer_by and moment_in_words(match.answer_by),
    }


def _to_answer(data: dict[str, Any]) -> Context | None:
    return _about(data, MatchState.APPROVED)


MATCH_APPROVED = register(Kind("donations.match_approved", _to_answer))
MATCH_REMINDER = register(Kind("donations.match_reminder", _to_answer))
MATCH_ACCEPTED = register(Kind("donations.match_accepted", _about))
MATCH_REFUSED = register(Kind("donations.match_refused", _about))
MATCH_LAPSED = register(Kind("donations.match_lapsed", _about))
MATCH_FAILED = register(Kind("donations.match_failed", _about))
