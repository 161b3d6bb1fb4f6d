"""Pledges: what somebody promises, how staff settle it with them, and what it pays for. No payment is taken here."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.actions.moving import locked, move
from donations.enums import PledgeKind, PledgeState, ShipmentState
from donations.models import Pledge
from donations.notices import pledge as notices
from donations.people import desk
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.retry import in_transaction
from portal.notifications.actions import notify, reader

REMIND_BEFORE = timedelta(days=30)
MOST_WAITING = 20
PAYING = (PledgeState.AGREED, PledgeState.ALLOCATED)
# Of shipments: nothing has left, or nothing will.
NOT_SENT = (ShipmentState.DRAFT, ShipmentState.QUOTED, ShipmentState.FUNDED, ShipmentState.ABANDONED)
UNSETTLED = (PledgeState.DECLARED, PledgeState.CONTACTED, PledgeState.AGREED)
CHANGEABLE = (PledgeState.DECLARED, PledgeState.CONTACTED)


@transaction.atomic
def declare_pledge(fields: dict[str, Any], *, by: Any) -> Pledge:
    """Note what `by` promises; they are thanked by mail and staff get in touch.

    `fields`: kind, words, amount_eur, countries, valid_until, organisation. Raises Refused "no_amount", "too_many",
    "valid_until".
    """
    _check_fields(fields)
    if Pledge.objects.filter(donor=by, state=PledgeState.DECLARED).count() >= MOST_WAITING:
        sentence = _("So many of your pledges wait for an answer already. We write to you about those first.")
        raise Refused(Reason("too_many", sentence))
    pledge = Pledge.objects.create(**fields, donor=by)
    record(pledge, "declare", by=by, after=pledge.state, kind=pledge.kind, amount_eur=pledge.amount_eur)
    notify(notices.PLEDGE_DECLARED, f"pledge:{pledge.pk}", [reader(by)], {"pledge": pledge.pk})
    return pledge


@transaction.atomic
def change_pledge(pledge: Pledge, fields: dict[str, Any], *, by: Any) -> Pledge:
    """Put down what was settled with the donor, before it is agreed. Raises as `declare_pledge`; WrongState."""
    row = _managed(pledge, by)
    _check_fields(fields)
    if row.state not in CHANGEABLE:
        raise WrongState("change", row.state)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "updated_at"])
    record(row, "change", by=by, before=row.state, after=row.state, kind=row.kind, amount_eur=row.amount_eur)
    return row


@transaction.atomic
def contact_donor(pledge: Pledge, *, by: Any, note: str = "") -> Pledge:
    """Note that staff have written to the donor. Raises Forbidden, WrongState."""
    row = _managed(pledge, by)
    row.note = note.strip() or row.note
    return move(row, "contact", by=by, fields=["note"])


@transaction.atomic
def agree_pledge(pledge: Pledge, *, by: Any, note: str = "") -> Pledge:
    """Staff and donor agree; the donor hears it. Raises Forbidden, WrongState, Refused "pledge_over"."""
    row = _managed(pledge, by)
    _refuse_over(row)
    row.note = note.strip() or row.note
    row.reminded_at = None
    move(row, "agree", by=by, fields=["note", "reminded_at"])
    _tell(notices.PLEDGE_AGREED, row, "agreed")
    return row


@transaction.atomic
def allocate_pledge(pledge: Pledge, *, by: Any, used_for: str) -> Pledge:
    """Say what a pledge of mobility or expertise is used for; the donor hears it.

    Money is allotted where it is spent (`allot`). Raises Forbidden, WrongState, Refused "no_use", "is_money".
    """
    row = _managed(pledge, by)
    if not used_for.strip():
        raise Refused(Reason("no_use", _("Say what it is used for; the donor is told.")))
    if row.kind == PledgeKind.MONEY:
        sentence = _("Money is allotted where it is spent: choose this pledge when you fund a shipment.")
        raise Refused(Reason("is_money", sentence))
    _refuse_over(row)
    row.used_for = used_for.strip()
    move(row, "allocate", by=by, fields=["used_for"])
    _tell(notices.PLEDGE_ALLOCATED, row, f"used:{timezone.now():%Y%m%d%H%M%S%f}")
    return row


@transaction.atomic
def free_pledge(pledge: Pledge, *, by: Any, why: str) -> Pledge:
    """What a pledge of mobility or expertise was for came to nothing. Raises Forbidden, WrongState, Refused."""
    row = _managed(pledge, by)
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; colleagues read it.")))
    if row.spent_eur:
        sentence = _("Parts of this pledge pay for shipments; give up or pay for those otherwise first.")
        raise Refused(Reason("is_allotted", sentence))
    row.used_for = ""
    return move(row, "free", by=by, why=why.strip(), fields=["used_for"])


@transaction.atomic
def honour_pledge(pledge: Pledge, *, by: Any, note: str = "") -> Pledge:
    """The donor has kept the promise; they are thanked. Raises Forbidden, WrongState."""
    row = _managed(pledge, by)
    row.note = note.strip() or row.note
    move(row, "honour", by=by, fields=["note"])
    _tell(notices.PLEDGE_HONOURED, row, "honoured")
    return row


@transaction.atomic
def withdraw_pledge(pledge: Pledge, *, by: Any, why: str = "") -> Pledge:
    """The donor, or staff for them, take a promise back; where money of it was allotted, staff find another payer.

    Raises Forbidden, WrongState, Refused "under_way" where parcels that it pays for have left.
    """
    row = locked(pledge)
    if not by.has_perm("donations.withdraw_pledge", row):
        raise Forbidden
    if row.shipments.exclude(state__in=NOT_SENT).exists():
        sentence = _("Parcels that this pledge pays for have left. Write to us, and we settle it together.")
        raise Refused(Reason("under_way", sentence))
    was_used = row.state == PledgeState.ALLOCATED
    move(row, "withdraw", by=by, why=why.strip(), allotted_eur=row.spent_eur)
    if was_used:
        staff = [reader(person) for person in desk() if person.pk != by.pk]
        notify(notices.PLEDGE_WITHDRAWN, f"pledge:{row.pk}", staff, {"pledge": row.pk})
    return row


@transaction.atomic
def lapse_pledge(pledge: Pledge, *, by: Any, why: str) -> Pledge:
    """Staff close what came to nothing before it was used. Raises Forbidden, WrongState, Refused "no_reason"."""
    row = _managed(pledge, by)
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; colleagues read it.")))
    move(row, "lapse", by=by, why=why.strip())
    _tell(notices.PLEDGE_LAPSED, row, "lapsed")
    return row


def allot(pledge: Pledge, amount_eur: int, *, by: Any) -> Pledge:
    """Set so many euros of a pledge of money aside; never more than are left. The donor hears of it.

    The caller says in its own rows what for. Raises Refused "no_money", "not_agreed", "pledge_over", "not_so_much".
    """
    return in_transaction(lambda: _allot(pledge, amount_eur, by))


def _allot(pledge: Pledge, amount_eur: int, by: Any) -> Pledge:
    row = locked(pledge)
    _refuse_spending(row)
    left = row.left_eur or 0
    if not 1 <= amount_eur <= left:
        sentence = _("At most %(left)d euros of this pledge are left.")
        raise Refused(Reason("not_so_much", sentence % {"left": left}))
    row.spent_eur += amount_eur
    if row.state == PledgeState.AGREED:
        move(row, "allocate", by=by, fields=["spent_eur"], amount_eur=amount_eur)
    else:
        row.save(update_fields=["spent_eur", "updated_at"])
        record(row, "allot", by=by, before=row.state, after=row.state, amount_eur=amount_eur)
    _tell(notices.PLEDGE_ALLOCATED, row, f"used:{timezone.now():%Y%m%d%H%M%S%f}")
    return row


def free_allotment(pledge: Pledge, amount_eur: int, *, by: Any) -> Pledge:
    """Give so many allotted euros back to the pledge: what they were for came to nothing.

    With the last of them an allocated pledge is agreed again. One that is honoured was paid and stays as it is. Raises
    Refused "not_so_much" where less was allotted.
    """
    return in_transaction(lambda: _free(pledge, amount_eur, by))


def _free(pledge: Pledge, amount_eur: int, by: Any) -> Pledge:
    row = locked(pledge)
    if row.state == PledgeState.HONOURED:
        return row
    if not 0 <= amount_eur <= row.spent_eur:
        sentence = _("Only %(spent)d euros of this pledge are allotted.")
        raise Refused(Reason("not_so_much", sentence % {"spent": row.spent_eur}))
    row.spent_eur -= amount_eur
    if row.spent_eur == 0 and row.state == PledgeState.ALLOCATED:
        return move(row, "free", by=by, fields=["spent_eur"], amount_eur=amount_eur)
    row.save(update_fields=["spent_eur", "updated_at"])
    record(row, "free_some", by=by, before=row.state, after=row.state, amount_eur=amount_eur)
    return row


def lapse_overdue(now: datetime) -> int:
    """Let pledges lapse whose last day is over and of which nothing is in use; return how many."""
    due = Pledge.objects.filter(state__in=UNSETTLED, valid_until__lt=now.date()).order_by("pk")
    return sum(_lapse(pledge, now) for pledge in due)


def remind_ending(now: datetime) -> int:
    """Tell donors once, a month before, that a pledge of theirs ends unused; return how many."""
    today = now.date()
    due = Pledge.objects.filter(
        state__in=UNSETTLED, reminded_at=None, valid_until__gte=today, valid_until__lte=today + REMIND_BEFORE
    )
    return sum(_remind(pledge, now) for pledge in due.order_by("pk"))


@transaction.atomic
def _lapse(pledge: Pledge, now: datetime) -> bool:
    row = locked(pledge)
    if row.state not in UNSETTLED or row.valid_until is None or row.valid_until >= now.date():
        return False
    move(row, "lapse", by=None)
    _tell(notices.PLEDGE_LAPSED, row, "lapsed")
    return True


@transaction.atomic
def _remind(pledge: Pledge, now: datetime) -> bool:
    row = locked(pledge)
    if row.state not in UNSETTLED or row.reminded_at is not None:
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at", "updated_at"])
    _tell(notices.PLEDGE_ENDING, row, f"ending:{row.valid_until}")
    return True


def _managed(pledge: Pledge, by: Any) -> Pledge:
    if not by.has_perm("donations.manage_pledge"):
        raise Forbidden
    return locked(pledge)


def _refuse_spending(row: Pledge) -> None:
    if row.kind != PledgeKind.MONEY:
        raise Refused(Reason("no_money", _("This pledge is not one of money.")))
    if row.state not in PAYING:
        raise Refused(Reason("not_agreed", _("This pledge is not agreed with its donor, or no longer stands.")))
    _refuse_over(row)


def _refuse_over(row: Pledge) -> None:
    if row.valid_until is not None and row.valid_until < timezone.localdate():
        raise Refused(Reason("pledge_over", _("The last day of this pledge is over.")))


def _check_fields(fields: dict[str, Any]) -> None:
    amount = fields.get("amount_eur")
    if fields["kind"] == PledgeKind.MONEY and not amount:
        raise Refused(Reason("no_amount", _("Say how many euros you pledge.")))
    until = fields.get("valid_until")
    if until is not None and until < timezone.localdate():
        raise Refused(Reason("valid_until", _("The last day lies in the past.")))


def _tell(kind: Any, row: Pledge, event: str) -> None:
    if row.donor.is_active:
        notify(kind, f"pledge:{row.pk}:{event}", [reader(row.donor)], {"pledge": row.pk})
