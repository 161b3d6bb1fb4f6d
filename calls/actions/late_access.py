"""Deeds of late accesses: staff give one, somebody signed in takes it, staff take it back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.enums import CallState
from calls.models import Call, LateAccess
from calls.notices.call import LATE_ACCESS
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.notifications.actions import Recipient, notify


@transaction.atomic
def give(call: Call, address: str, until: datetime, why: str, *, by: Any) -> LateAccess:
    """Let one person hand in to a published call after it closed, until `until`, and mail them the link.

    Raises Forbidden, and Refused `not_published`, `no_reason`, `not_later`, `already_given`.
    """
    _permit(by)
    call = Call.objects.select_for_update().get(pk=call.pk)
    why = why.strip()
    if refusal := _against_giving(call, address, until, why):
        raise Refused(refusal)
    access = LateAccess.objects.create(call=call, address=address, until=until, why=why)
    record(call, "give_late_access", by=by, before=call.state, after=call.state, why=why, until=until.isoformat())
    notify(LATE_ACCESS, f"late:{access.pk}", [_reader(address, by)], {"lateaccess": access.pk})
    return access


@transaction.atomic
def take(access: LateAccess, *, by: Any) -> LateAccess:
    """Whoever is first to take it has it; taking it again changes nothing.

    Raises Refused `late_taken` when somebody else has it, `late_over`, `not_published`.
    """
    access = LateAccess.objects.select_for_update(of=["self"]).select_related("call").get(pk=access.pk)
    if refusal := reason_against_taking(access, by):
        raise Refused(refusal)
    if access.user_id is None:
        access.user = by
        access.save(update_fields=["user", "updated_at"])
        call = access.call
        record(call, "take_late_access", by=by, before=call.state, after=call.state)
    return access


@transaction.atomic
def revoke(access: LateAccess, *, by: Any) -> None:
    """Take a late access back: its link and what was taken by it end at once. What was handed in stays handed in."""
    _permit(by)
    kept = LateAccess.objects.select_for_update(of=["self"]).select_related("call").filter(pk=access.pk).first()
    if kept is None:  # the button was pressed twice
        return
    call = kept.call
    record(call, "revoke_late_access", by=by, before=call.state, after=call.state, taken=kept.user_id is not None)
    kept.delete()


def reason_against_taking(access: LateAccess, person: Any) -> Reason | None:
    """Why `person` cannot take it, or None."""
    if access.user_id not in (None, person.pk):
        sentence = _("Somebody else has used this link. Ask the contact of the call for one of your own.")
        return Reason("late_taken", sentence)
    if access.until <= timezone.now():
        return Reason("late_over", _("This link was for a time that is over. Ask the contact of the call for another."))
    if access.call.state != CallState.PUBLISHED:
        return Reason("not_published", _("This call takes no applications."))
    return None


def _against_giving(call: Call, address: str, until: datetime, why: str) -> Reason | None:
    now = timezone.now()
    if call.state != CallState.PUBLISHED:
        return Reason("not_published", _("Only a published call that is not decided can be opened for somebody."))
    if not why:
        return Reason("no_reason", _("Say why; the history keeps it."))
    if until <= max(now, call.closes_at):
        return Reason("not_later", _("Choose a time to come, after the call has closed."))
    if call.late_accesses.filter(address__iexact=address, until__gt=now).exists():
        return Reason("already_given", _("This address has a late access already. Take it back first to give another."))
    return None


def _permit(by: Any) -> None:
    if not by.has_perm("calls.give_late_access"):
        raise Forbidden


def _reader(address: str, by: User) -> Recipient:
    """The account behind the address, or somebody who reads as whoever wrote to them does."""
    known = User.objects.filter(email=address.lower()).first()
    if known is None:
        return Recipient(address, by.language, by.time_zone)
    return Recipient(address, known.language, known.time_zone, known.pk)
