"""The laboratory says whether a gift is in use: once."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.actions.follow_up.plan import cancel_follow_ups
from donations.actions.moving import locked, move
from donations.enums import AWAY, USED, Help, InUse
from donations.models import FollowUp
from donations.notices import follow_up as notices
from donations.people import desk, people_of_offer
from donations.signals import follow_up_answered
from portal.core.errors import Forbidden, Reason, Refused
from portal.notifications.actions import notify_each, reader

MOST_PEOPLE = 100_000
CONSENT = gettext_lazy(
    "The programme may tell what this gift made possible, with the words above and the name of our laboratory. Before "
    "anything is published we read it and agree to it."
)


@dataclass(frozen=True)
class Answers:
    """What was said: `people` who used it since it came, of them `women`; `help` where it is not in use."""

    in_use: str
    people: int | None = None
    women: int | None = None
    words: str = ""
    help: str = ""
    may_become_story: bool = False


def answer_follow_up(follow_up: FollowUp, answers: Answers, *, by: Any = None, consent: str = "") -> FollowUp:
    """Keep the answer; the donor reads it, and staff where the gift is not in use.

    `by` is None where the link opened the door. `consent`: the wording agreed to, kept where it may become a story.
    What is away is not asked after again. Raises Forbidden; WrongState where it was answered already or cancelled;
    Refused "in_use", "people", "women", "help", "no_consent".
    """
    if by is not None and not by.has_perm("donations.answer_follow_up", follow_up):
        raise Forbidden
    _check(answers, consent)
    return _answer(follow_up, answers, by, consent)


@transaction.atomic
def _answer(follow_up: FollowUp, answers: Answers, by: Any, consent: str) -> FollowUp:
    row = locked(follow_up)
    columns = asdict(answers) | {
        "words": answers.words.strip(),
        "help": "" if answers.in_use in USED else answers.help,
        "consent": consent if answers.may_become_story else "",
        "answered_at": timezone.now(),
        "answered_by": by,
    }
    for name, value in columns.items():
        setattr(row, name, value)
    who = "" if by else "person"
    move(row, "answer", by=by, fields=columns, actor=who, in_use=row.in_use, help=row.help)
    if row.in_use in AWAY:
        cancel_follow_ups(row.match, by=by, why=str(InUse(row.in_use).label), after=row.months)
    _tell(row)
    follow_up_answered.send(FollowUp, follow_up=row)
    return row


def _check(answers: Answers, consent: str) -> None:
    reasons = []
    if answers.in_use not in InUse.values:
        reasons.append(Reason("in_use", _("Say whether it is in use.")))
    if answers.people is not None and not 0 <= answers.people <= MOST_PEOPLE:
        reasons.append(Reason("people", _("Say how many people used it, as a number up to 100,000.")))
    if answers.women is not None and not 0 <= answers.women <= (answers.people or 0):
        reasons.append(Reason("women", _("Not more women than people can have used it.")))
    if answers.help and answers.help not in Help.values:
        reasons.append(Reason("help", _("Choose what would help from the list.")))
    if answers.may_become_story and not consent:
        reasons.append(Reason("no_consent", _("Nobody may tell of it without the consent in words.")))
    if reasons:
        raise Refused(*reasons)


def _tell(row: FollowUp) -> None:
    """The donor hears every answer, staff those that ask for help."""
    messages = [(notices.FOLLOW_UP_ANSWERED, [reader(person) for person in people_of_offer(row.match.offer)])]
    if not row.is_used:
        messages.append((notices.FOLLOW_UP_UNUSED, [reader(person) for person in desk()]))
    notify_each(messages, f"follow_up:{row.pk}", {"follow_up": row.pk})
