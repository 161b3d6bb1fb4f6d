"""Samples: their people declare and send them, the laboratory takes them in, handles them and says what became of them.

An award's row is locked before its list of samples changes, a sample's row before it moves.
"""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import notices
from bookings.enums import SampleState
from bookings.models import Booking, Sample
from bookings.states import SAMPLE_MOVES
from calls.enums import AwardState
from calls.models import Award
from instruments.actions.telling import operators_of
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.core.retry import in_transaction
from portal.notifications.actions import Recipient, notify, reader

COLUMNS = ("label", "composition", "form", "quantity", "hazards", "hazard_words", "is_return_wanted")
MOST = 200  # samples of one award
FURTHEST = 366  # days ahead that a parcel may be expected
BY_LABORATORY = ("receive", "mount", "dismount", "give_back", "destroy", "consume")
ENDS = ("give_back", "destroy", "consume", "lose")


def declare_sample(award: Award, fields: dict[str, Any], *, by: User, booking: Booking | None = None) -> Sample:
    """Announce a sample of the award to the laboratory; `fields` are COLUMNS, `booking` what it is measured in.

    Raises Forbidden; Refused `award_not_active`, `too_many`, `label_taken`, `hazard_missing` or `other_booking`.
    """
    if not by.has_perm("bookings.declare_sample", award):
        raise Forbidden

    def deed() -> Sample:
        row = _locked_award(award)
        if row.state != AwardState.ACTIVE or not row.is_bookable:
            raise Refused(Reason("award_not_active", _("This award is not active.")))
        if row.samples.count() >= MOST:
            sentence = _("An award may declare %(most)d samples. Describe similar ones together.")
            raise Refused(Reason("too_many", sentence % {"most": MOST}))
        sample = Sample(award=row, declared_by=by)
        _fill(sample, fields, booking)
        record(sample, "declare", by=by, after=sample.state)
        return sample

    return in_transaction(deed)


def change_sample(sample: Sample, fields: dict[str, Any], *, by: User, booking: Booking | None = None) -> Sample:
    """Correct a sample that is still where it was declared. Raises Forbidden; Refused as above, or `gone`."""
    _check_permission(by, "send", sample)

    def deed() -> Sample:
        row = _declared(sample)
        _fill(row, fields, booking)
        record(row, "change", by=by)
        return row

    return in_transaction(deed)


def remove_sample(sample: Sample, *, by: User) -> None:
    """Take back a declaration of what was not sent; gone already is fine. Raises Forbidden; Refused."""
    _check_permission(by, "send", sample)

    def deed() -> None:
        if Sample.objects.filter(pk=sample.pk).exists():
            row = _declared(sample)
            record(row, "remove", by=by, before=row.state, label=row.label)
            row.delete()

    in_transaction(deed)


def ship_sample(
    sample: Sample, *, by: User, carrier: str = "", tracking: str = "", expected_on: date | None = None
) -> Sample:
    """It is on its way; the operators hear so. Raises Forbidden; Refused `expected_when`."""
    _check_permission(by, "send", sample)

    def deed() -> Sample:
        row = _locked(sample)
        if expected_on is not None:
            _check_day(expected_on, row)
        _move(row, "ship", by=by, carrier=carrier, tracking=tracking, expected_on=expected_on)
        _tell(row, notices.SAMPLE_SHIPPED, operators_of(row.instrument))
        return row

    return in_transaction(deed)


def refuse_sample(sample: Sample, *, by: User, why: str) -> Sample:
    """The laboratory does not take it; its people hear why. Raises Forbidden; Refused."""
    _check_permission(by, "handle", sample)
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why: the people whose sample it is read it.")))

    def deed() -> Sample:
        row = _locked(sample)
        _move(row, "refuse", by=by, why=why)
        _tell(row, notices.SAMPLE_REFUSED, people_of(row), why=why)
        return row

    return in_transaction(deed)


def move_sample(sample: Sample, verb: str, *, by: User) -> Sample:
    """One of BY_LABORATORY, or `lose`, which either side may say. Raises Forbidden; Refused (WrongState)."""
    if verb not in (*BY_LABORATORY, "lose"):
        raise ValueError(f"{verb} needs its own action")
    is_sender = verb == "lose" and by.has_perm("bookings.send_sample", sample)
    if not is_sender:
        _check_permission(by, "handle", sample)

    def deed() -> Sample:
        row = _locked(sample)
        moments: dict[str, Any] = {"received_at": timezone.now()} if verb == "receive" else {}
        _move(row, verb, by=by, **moments)
        _tell_of_move(row, verb, by)
        return row

    return in_transaction(deed)


def receive_sample(sample: Sample, *, by: User) -> Sample:
    """It has arrived; its people hear so, and time that waited for it can be booked."""
    return move_sample(sample, "receive", by=by)


def people_of(sample: Sample) -> list[Recipient]:
    """Who hears of a sample on its own side: who declared it, the holder, who takes part in its booking."""
    taking_part = sample.booking.participants.all() if sample.booking else []
    people = {user.pk: user for user in [sample.declared_by, sample.award.holder, *taking_part]}
    return [reader(user) for user in people.values() if user.is_active]


def _check_permission(by: User, verb: str, sample: Sample) -> None:
    if not by.has_perm(f"bookings.{verb}_sample", sample):
        raise Forbidden


def _locked_award(award: Award) -> Award:
    return Award.objects.select_for_update(of=("self",), no_key=True).select_related("instrument").get(pk=award.pk)


def _locked(sample: Sample) -> Sample:
    row = Sample.objects.for_page().select_for_update(of=("self",), no_key=True).filter(pk=sample.pk).first()
    if row is None:
        raise Refused(Reason("gone", _("The list has changed in the meantime. Look again.")))
    return row


def _declared(sample: Sample) -> Sample:
    """The sample with its award and itself locked, while nothing but its declaration exists."""
    _locked_award(sample.award)
    row = _locked(sample)
    if row.state != SampleState.DECLARED:
        raise Refused(
            Reason("not_declared", _("This sample is on its way or has arrived: it stays as it was declared."))
        )
    return row


def _fill(sample: Sample, fields: dict[str, Any], booking: Booking | None) -> None:
    for name in COLUMNS:
        if name in fields:
            setattr(sample, name, fields[name])
    if sample.hazard_words and not sample.hazards:
        raise Refused(Reason("hazard_missing", _("Tick the hazard that you describe.")))
    if booking is not None and booking.award_id != sample.award_id:
        raise Refused(Reason("other_booking", _("Choose a booking of the same award.")))
    others = Sample.objects.filter(award=sample.award_id, label__iexact=sample.label).exclude(pk=sample.pk)
    if others.open().exists():
        raise Refused(Reason("label_taken", _("Another sample of this award has this label.")))
    sample.booking = booking
    sample.save()


def _check_day(day: date, sample: Sample) -> None:
    """A parcel is expected today, on the laboratory's clock, or within a year."""
    today = timezone.now().astimezone(sample.instrument.zone).date()
    if not 0 <= (day - today).days <= FURTHEST:
        raise Refused(Reason("expected_when", _("Choose a day from today on, within a year.")))


def _move(row: Sample, verb: str, *, by: User, why: str = "", **columns: Any) -> None:
    before = row.state
    row.state = next_state(SAMPLE_MOVES, verb, before)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "updated_at", *columns])
    record(row, verb, by=by, before=before, after=row.state, why=why)


def _tell_of_move(row: Sample, verb: str, by: User) -> None:
    if verb == "receive":
        _tell(row, notices.SAMPLE_RECEIVED, people_of(row))
    elif verb in ENDS:
        both = [*people_of(row), *(operators_of(row.instrument) if verb == "lose" else [])]
        _tell(row, notices.SAMPLE_OVER, [person for person in both if person.user_id != by.pk])


def _tell(row: Sample, kind: Any, people: list[Recipient], *, why: str = "") -> None:
    """A sample reaches each of the states that are told at most once."""
    notify(kind, f"sample:{row.pk}", people, {"sample": row.pk} | ({"why": why} if why else {}))
