"""What a new award is made of: reasons against it, and the rows that belong to it, for one or for many at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from calls.enums import EntryKind
from calls.models import Award, LedgerEntry
from instruments.enums import InstrumentState
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Membership, User
from portal.audit.actions import entry, record_all
from portal.core.errors import Reason

ANSWER_WITHIN = timedelta(days=14)
BATCH = 1000  # rows a statement


def write_offers(awards: Sequence[Award], members: Mapping[str, Iterable[User]], *, by: Any) -> None:
    """Write new awards with what belongs to them, a few statements whatever their number; `members` by ref.

    The caller has asked `reasons_against`, holds the transaction and writes the mails.
    """
    now = timezone.now()
    Award.objects.bulk_create(awards, batch_size=BATCH)
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(award=award, kind=EntryKind.GRANTED, minutes=award.granted_minutes, by=by, at=now)
            for award in awards
            if award.is_bookable
        ],
        batch_size=BATCH,
    )
    shared = Award.members.through
    shared.objects.bulk_create(
        [shared(award=award, user=person) for award in awards for person in members.get(award.ref, ())],
        batch_size=BATCH,
    )
    record_all(entry(award, "release", by=by, after=award.state, minutes=award.granted_minutes) for award in awards)


def memberships_of(awards: Iterable[Award]) -> set[tuple[int, int]]:
    """Who of the holders is a confirmed member of which organisation: (user, organisation), in one statement."""
    held = Membership.objects.confirmed().filter(
        user__in=[award.holder_id for award in awards],
        organisation__in=[award.organisation_id for award in awards],
    )
    return set(held.values_list("user", "organisation"))


def reasons_against(award: Award, memberships: Collection[tuple[int, int]]) -> list[Reason]:
    """Why this award cannot be offered; empty when it can."""
    now = timezone.now()
    checks = [
        (award.valid_from <= award.valid_until, "days", _("The award must begin before it ends.")),
        (
            award.organisation.state == OrganisationState.VERIFIED,
            "organisation_not_verified",
            _("This organisation is not verified yet."),
        ),
        (
            (award.holder_id, award.organisation_id) in memberships,
            "holder_elsewhere",
            _("The holder is not a confirmed member of this organisation."),
        ),
        (award.answer_by is None or award.answer_by > now, "answer_by", _("The day to answer by must be to come.")),
        *(_checks_of_hours(award) if award.is_bookable else ()),
        (award.ends_at > now, "already_over", _("The last day of the award is already over.")),
    ]
    return [Reason(code, sentence) for is_fine, code, sentence in checks if not is_fine]


def _checks_of_hours(award: Award) -> Iterable[tuple[bool, str, str]]:
    instrument = award.instrument
    return [
        (award.granted_minutes > 0, "no_hours", _("Enter the hours to grant, more than zero.")),
        (instrument is not None, "no_instrument", _("Choose the instrument on which the hours are granted.")),
        (
            instrument is None or instrument.state in (InstrumentState.LISTED, InstrumentState.SUSPENDED),
            "instrument_not_listed",
            _("Choose an instrument that is listed."),
        ),
    ]
