"""Certificates: given with a training or without one, renewed, revoked."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments import notices
from instruments.actions.training.common import check_name, check_subject, permit, person_with, told
from instruments.models import Certificate, Instrument, Technique, Training
from portal.accounts.models import Organisation, User
from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.times import months_after
from portal.notifications.actions import notify, reader
from portal.notifications.kinds import Kind

FURTHEST = timedelta(days=3660)


@transaction.atomic
def give_certificate(
    email: str,
    *,
    by: Any,
    organisation: Organisation,
    valid_until: date | None,
    instrument: Instrument | None = None,
    technique: Technique | None = None,
) -> Certificate:
    """Certify a person the laboratory knows to be able, without a training of the portal.

    Raises Refused for an unknown address, for oneself, for what the laboratory cannot teach, for a day not to come, and
    where the person holds the same from this laboratory already, for as long: a form sent twice gives one.
    """
    permit(by, "run_certificate", Certificate(organisation=organisation))
    check_subject(instrument, technique, organisation, by)
    person = person_with(email)
    _check_until(valid_until, organisation)
    _check_new(person, valid_until, organisation=organisation, instrument=instrument, technique=technique)
    return add_certificate(
        person, organisation, by=by, instrument=instrument, technique=technique, until=lambda day: valid_until
    )


def add_certificate(
    person: User,
    organisation: Organisation,
    *,
    by: Any,
    until: Callable[[date], date | None],
    instrument: Instrument | None = None,
    technique: Technique | None = None,
    training: Training | None = None,
) -> Certificate:
    """Write one, issued today on the laboratory's calendar and good until `until(today)`, and tell its holder."""
    if person.pk == by.pk:
        raise Refused(Reason("own_certificate", _("Nobody certifies themselves: ask a colleague, or staff.")))
    check_name(person)
    today = today_at(organisation)
    certificate = Certificate.objects.create(
        person=person,
        name=person.name.strip(),
        organisation=organisation,
        instrument=instrument,
        technique=technique,
        training=training,
        issued_on=today,
        issued_by=by,
        valid_until=until(today),
    )
    record(certificate, "give", by=by, after="valid", until=str(certificate.valid_until or ""))
    _tell(notices.CERTIFICATE_GIVEN, certificate, "given")
    return certificate


@transaction.atomic
def renew_certificate(certificate: Certificate, valid_until: date | None, *, by: Any) -> Certificate:
    """Let it hold longer (None: without end); its holder is told, and warned anew before the new end."""
    fresh = _locked(certificate, by)
    _check_until(valid_until, fresh.organisation)
    if fresh.valid_until is None or (valid_until is not None and valid_until <= fresh.valid_until):
        raise Refused(Reason("valid_until", _("Choose a day after the one until which it holds now.")))
    before, fresh.valid_until, fresh.warned_at = fresh.valid_until, valid_until, None
    fresh.save(update_fields=["valid_until", "warned_at", "updated_at"])
    record(fresh, "renew", by=by, until=str(valid_until or ""), until_before=str(before))
    _tell(notices.CERTIFICATE_RENEWED, fresh, str(valid_until))
    return fresh


@transaction.atomic
def revoke_certificate(certificate: Certificate, *, by: Any, why: str) -> Certificate:
    """Take it back for good; bookings that stand already stay. Its holder is told why, the public that it is so."""
    fresh = _locked(certificate, by)
    fresh.revoked_at, fresh.revoked_by, fresh.revoked_why = timezone.now(), by, told(why)
    fresh.save(update_fields=["revoked_at", "revoked_by", "revoked_why", "updated_at"])
    record(fresh, "revoke", by=by, before="valid", after="revoked", why=fresh.revoked_why)
    _tell(notices.CERTIFICATE_REVOKED, fresh, "revoked")
    return fresh


def today_at(organisation: Organisation) -> date:
    """The day that it is where the laboratory is."""
    return timezone.now().astimezone(ZoneInfo(organisation.time_zone)).date()


def months_later(day: date, months: int | None) -> date | None:
    """The same day so many months later, or the last of that month where it has none such; None for None."""
    return None if months is None else months_after(day, months)


def _locked(certificate: Certificate, by: Any) -> Certificate:
    """The fresh row, locked. Raises Forbidden, and Refused for one's own and for one that was revoked."""
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    fresh = rows.get(pk=certificate.pk)
    permit(by, "run_certificate", fresh)
    if fresh.person_id == by.pk:
        raise Refused(Reason("own_certificate", _("Nobody certifies themselves: ask a colleague, or staff.")))
    if fresh.revoked_at is not None:
        raise Refused(Reason("revoked", _("This certificate is revoked. Give a new one instead.")))
    return fresh


def _check_until(day: date | None, organisation: Organisation) -> None:
    today = today_at(organisation)
    if day is not None and not today <= day <= today + FURTHEST:
        raise Refused(Reason("valid_until", _("Choose a day from today to ten years from now.")))


def _check_new(person: User, until: date | None, **about: Any) -> None:
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two clicks at once are looked at one by one
    own = Certificate.objects.filter(person=person, revoked_at=None, **about)
    if own.filter(Q(valid_until=None) | Q(valid_until__gte=until or date.max)).exists():
        raise Refused(Reason("held", _("This person holds the same certificate already, for at least as long.")))


def _tell(kind: Kind, certificate: Certificate, what: str) -> None:
    if certificate.person.is_active:
        key = f"certificate:{certificate.pk}:{what}"
        notify(kind, key, [reader(certificate.person)], {"certificate": certificate.pk})
