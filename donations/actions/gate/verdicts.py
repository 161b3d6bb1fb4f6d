"""Staff open a need or an offer to everybody, ask its people for more, or refuse it."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations import notices
from donations.actions import tell
from donations.actions.gate.checks import held
from donations.actions.moving import MOVES, move
from donations.actions.need.ends import OPEN_FOR
from donations.actions.offer.expiry import last_day
from donations.checklist import checklist, checks_of, gaps
from donations.models import Need, Offer
from donations.people import people_of_need, people_of_offer
from portal.accounts.models import User
from portal.core.errors import Reason, Refused
from portal.core.machine import next_state
from portal.notifications.actions import notify, reader
from portal.notifications.kinds import Kind

T = TypeVar("T", Need, Offer)
LONGEST_WAIT = timedelta(days=90)
LONGEST_NOTE = 2000
OPENED = ["public_at", "expires_on", "reminded_at", "answer_by", "note"]


@transaction.atomic
def verify_need(need: Need, *, by: Any) -> Need:
    """Open a need to donors for a year; those who wish to hear of such needs are told.

    Raises Forbidden, WrongState, and Refused with a reason for every point that does not pass.
    """
    row = _passed(need, "verify", by)
    now = timezone.now()
    row.public_at, row.expires_on = now, now.date() + OPEN_FOR
    row.reminded_at, row.answer_by, row.note = None, None, ""
    move(row, "verify", by=by, fields=OPENED)
    _tell(notices.NEED_VERIFIED, row)
    tell.tell_need_open(row)
    return row


@transaction.atomic
def vet_offer(offer: Offer, *, by: Any) -> Offer:
    """Show an offer to everybody until its day; those who wish to hear of such offers are told.

    Raises Forbidden, WrongState, and Refused with a reason for every point that does not pass, `not_cleared` where
    export clearance is asked for and missing, and `too_late` where it can no longer be had.
    """
    row = _passed(offer, "vet", by)
    now = timezone.now()
    row.public_at, row.expires_on = now, last_day(row, now.date())
    row.reminded_at, row.answer_by, row.note = None, None, ""
    move(row, "vet", by=by, fields=OPENED)
    _tell(notices.OFFER_VETTED, row)
    tell.tell_offer_vetted(row)
    return row


@transaction.atomic
def ask_back(thing: T, *, by: Any, why: str, answer_by: datetime) -> T:
    """Send it back to its people, who can change it until `answer_by`; it expires if they do not.

    Raises Forbidden, WrongState, Refused `no_reason`, `too_long` or `out_of_reach`.
    """
    row: T = held(thing, by)
    next_state(MOVES[type(row)], "ask", row.state)
    now = timezone.now()
    if not now < answer_by <= now + LONGEST_WAIT:
        sentence = _("Choose a day after today and within %(days)d days.") % {"days": LONGEST_WAIT.days}
        raise Refused(Reason("out_of_reach", sentence))
    row.note = _written(why, _("Say what has to be changed; its people read it."))
    row.answer_by, row.reminded_at = answer_by, None
    move(row, "ask", by=by, why=row.note, fields=["note", "answer_by", "reminded_at"], until=answer_by.isoformat())
    _tell(notices.THING_RETURNED, row)
    return row


@transaction.atomic
def refuse_thing(thing: T, *, by: Any, why: str, where: str = "") -> T:
    """Refuse it for good. Its people, and nobody else, read why, and `where` it could go instead.

    Raises Forbidden, WrongState, Refused `no_reason` or `too_long`.
    """
    row: T = held(thing, by)
    next_state(MOVES[type(row)], "refuse", row.state)
    row.note = _written(f"{why.strip()}\n\n{where.strip()}" if why.strip() else "", _("Say why; its people read it."))
    row.answer_by = None
    move(row, "refuse", by=by, why=row.note, fields=["note", "answer_by"])
    _tell(notices.THING_REFUSED, row)
    return row


def people_of(thing: Need | Offer) -> list[User]:
    return people_of_need(thing) if isinstance(thing, Need) else people_of_offer(thing)


def _passed(thing: T, verb: str, by: Any) -> T:
    """The locked row, if nothing stands between it and its going on; nobody lets their own thing pass."""
    row: T = held(thing, by)
    next_state(MOVES[type(row)], verb, row.state)
    if by.pk == (row.asked_by_id if isinstance(row, Need) else row.donor_id):
        raise Refused(Reason("own", _("This is your own: a colleague has to let it pass.")))
    if found := gaps(row, checklist(row, checks_of(row))):
        raise Refused(*[Reason(code, sentence) for code, sentence in found])
    return row


def _written(words: str, sentence: str) -> str:
    words = words.strip()
    if not words:
        raise Refused(Reason("no_reason", sentence))
    if len(words) > LONGEST_NOTE:
        raise Refused(Reason("too_long", _("There is room for %(most)d letters.") % {"most": LONGEST_NOTE}))
    return words


def _tell(kind: Kind, row: Need | Offer) -> None:
    """Once each time it was handed in."""
    name = str(row._meta.model_name)
    key = f"{name}:{row.pk}:{row.submitted_at.isoformat() if row.submitted_at else ''}"
    notify(kind, key, [reader(person) for person in people_of(row)], {name: row.pk})
