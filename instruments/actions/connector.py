"""Connectors: a code that pairs one PC with one unit, what it says of itself, and its end.

Whoever shows the code is trusted with the unit's screen, so it is short-lived, single use, and known to nobody but the
operator who reads it once; the token that it is exchanged for is known to the PC alone. The rows keep digests.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments.actions.locking import lock, lock_to_run
from instruments.actions.telling import operators_of
from instruments.models import Connector, Unit
from instruments.notices import CONNECTOR_PAIRED, CONNECTOR_REVOKED
from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.models import REF_ALPHABET
from portal.notifications.actions import notify

CODE_LENGTH = 12  # of 32 letters and digits: 60 bits, for a quarter of an hour
CODE_GOOD_FOR = timedelta(minutes=15)
PREFIX = "rac_"  # lets secret scanners recognise a token that leaked
SAID = ("name", "system", "version", "target")  # what a connector says of itself


class BadCode(Refused):
    """No such code, one that was used, or one too old: which of them is not told."""

    status = 403

    def __init__(self) -> None:
        sentence = _("This code is not good. A code works once, for 15 minutes: make a new one on the portal.")
        super().__init__(Reason("bad_code", sentence))


def digest_of(secret: str) -> str:
    """Return the SHA-256 hex digest under which codes and tokens are kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_code(unit: Unit, *, by: Any) -> tuple[Connector, str]:
    """Return the unit's new connector, not yet paired, and the code for it; a code made before is void.

    Raises Refused while a PC is paired: it has to be revoked first.
    """
    lock_to_run(unit.instrument, by)
    connector = Connector.objects.in_use().filter(unit=unit).first() or Connector(unit=unit)
    if connector.token_hash is not None:
        raise Refused(Reason("paired", _("A PC is paired with this unit already. Revoke it first.")))
    code = "".join(secrets.choice(REF_ALPHABET) for _place in range(CODE_LENGTH))
    connector.code_hash, connector.code_until, connector.made_by = digest_of(code), timezone.now() + CODE_GOOD_FOR, by
    connector.save()
    record(connector, "make_code", by=by, unit=unit.pk)
    return connector, "-".join(code[place : place + 4] for place in range(0, CODE_LENGTH, 4))


@transaction.atomic
def pair(code: str, said: Mapping[str, str]) -> tuple[Connector, str]:
    """Exchange a code for the token of its connector; `said` is what the program says of itself. Raises BadCode."""
    now = timezone.now()
    rows = Connector.objects.to_pair_at(now).select_for_update(of=("self",)).select_related("unit__instrument")
    connector = rows.filter(code_hash=digest_of(_plain(code))).first()
    if connector is None:
        raise BadCode
    token = PREFIX + secrets.token_urlsafe(32)
    connector.token_hash, connector.code_hash, connector.code_until = digest_of(token), "", None
    connector.paired_at = now
    _note(connector, said)
    connector.save()
    record(connector, "pair", actor="person", unit=connector.unit_id, pc=connector.name, target=connector.target)
    _tell(connector, CONNECTOR_PAIRED, by=None)
    return connector, token


@transaction.atomic
def revoke_connector(connector: Connector, *, by: Any) -> Connector:
    """End it at once: its token opens nothing any more, and its lines are cut. Raises Refused for one that ended."""
    lock(connector.unit.instrument, "run", by)
    fresh = Connector.objects.select_for_update(of=("self",)).select_related("unit__instrument").get(pk=connector.pk)
    if fresh.revoked_at is not None:
        raise Refused(Reason("revoked", _("This connector has been revoked already.")))
    was_paired = fresh.token_hash is not None
    fresh.token_hash, fresh.code_hash, fresh.code_until, fresh.is_online = None, "", None, False
    fresh.revoked_at, fresh.revoked_by = timezone.now(), by
    fresh.save()
    record(fresh, "revoke", by=by, unit=fresh.unit_id)
    if was_paired:
        _tell(fresh, CONNECTOR_REVOKED, by=by)
    return fresh


def note_contact(pk: int, said: Mapping[str, str], now: datetime) -> None:
    """It called: keep what it says of itself. No history, since lines come and go all day."""
    connector = Connector.objects.paired().filter(pk=pk).first()
    if connector is None:
        return
    _note(connector, said)
    connector.is_online, connector.seen_at = True, now
    connector.save(update_fields=[*SAID, "is_online", "seen_at", "updated_at"])


def note_contacts(pks: Iterable[int], now: datetime) -> None:
    """Their lines are still open."""
    Connector.objects.paired().filter(pk__in=list(pks)).update(is_online=True, seen_at=now)


def note_gone(pk: int, now: datetime) -> None:
    """Its line has ended."""
    Connector.objects.in_use().filter(pk=pk).update(is_online=False, seen_at=now)


def _note(connector: Connector, said: Mapping[str, str]) -> None:
    for name in SAID:
        most: int = getattr(Connector._meta.get_field(name), "max_length")  # noqa: B009 - relations have none
        text = "".join(letter if letter.isprintable() else " " for letter in said.get(name, ""))
        setattr(connector, name, text.strip()[:most])


def _plain(code: str) -> str:
    """The code as people type it: in small letters, with dashes and spaces or without."""
    return "".join(letter for letter in code.upper() if letter in REF_ALPHABET)


def _tell(connector: Connector, kind: Any, *, by: Any) -> None:
    people = [person for person in operators_of(connector.unit.instrument) if by is None or person.user_id != by.pk]
    notify(kind, f"connector:{connector.pk}", people, {"connector": connector.pk})
