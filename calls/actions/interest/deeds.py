"""Deeds of interests: declare, confirm, change, end, forget.

Most people here have no account: the secret link in a mail is what proves who they are, so `by` may be None.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from calls.enums import Combine, InterestState
from calls.models import Call, Interest
from calls.notices.interest import ALREADY_KNOWN, CONFIRM_INTEREST, subscriptions
from calls.states import INTEREST_MOVES
from instruments.models import EquipmentCategory, Technique
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.machine import next_state
from portal.notifications.actions import Recipient, notify, welcome_back
from portal.notifications.digests import retag, take_back
from portal.notifications.enums import Cause, Frequency

UNCONFIRMED_KEPT = timedelta(days=7)
MOST_A_DAY = 5  # declarations for one address; more get the same answer and write nothing
FORGOTTEN_AT_ONCE = 1000
UNSUBSCRIBED = "unsubscribed"
SAID = ("country", "combine", "institution", "offering")
CHOSEN = ("techniques", "categories")


@dataclass(frozen=True)
class Criteria:
    """What somebody wishes to hear of, as whom, in which language; empty criteria agree with everything.

    `institution` and `offering`, what can be opened or given there, are kept for the proposal or offer they turn into.
    """

    standing: str
    language: str
    time_zone: str = "UTC"
    call: Call | None = None
    techniques: list[Technique] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    country: str = ""
    note: str = ""
    frequency: str = Frequency.AT_ONCE
    combine: str = Combine.ALL
    categories: list[EquipmentCategory] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    institution: str = ""
    offering: str = ""


@dataclass(frozen=True)
class Consent:
    """The wording a person agreed to, as it was shown, and its version."""

    wording: str
    version: str


@transaction.atomic
def declare(address: str, criteria: Criteria, consent: Consent, *, by: User | None = None) -> Interest | None:
    """Take note of a wish to hear, and ask its address to confirm it.

    Returns the interest if it is active at once, because the address is `by`'s own verified one; otherwise None,
    whatever is known of the address: the caller must not be able to tell.
    """
    address = address.strip()
    _one_at_a_time(address)
    known = Interest.objects.of_address(address).exclude(state=InterestState.ENDED)
    same = next((interest for interest in known if _hears(interest, criteria)), None)
    if is_own_address(address, by):
        if same is not None and same.is_active:
            return change(same, criteria, by=by)  # of the same, in another language or at another pace
        return _activate(same or _create(address, criteria, consent, by), by)
    if same is not None:
        _remind(same)
    elif known.filter(created_at__gt=timezone.now() - timedelta(days=1)).count() < MOST_A_DAY:
        interest = _create(address, criteria, consent, None)
        notify(CONFIRM_INTEREST, f"interest:{interest.pk}", [_reader(interest)], {"interest": interest.pk})
    return None


@transaction.atomic
def confirm(interest: Interest, *, by: User | None = None) -> Interest:
    """The holder of the link says yes. Raises WrongState unless it is unconfirmed."""
    return _activate(_again(interest), by)


@transaction.atomic
def change(interest: Interest, criteria: Criteria, *, by: User | None = None) -> Interest:
    """Hear of something else, or in another language. Raises WrongState unless it is active."""
    interest = _again(interest)
    next_state(INTEREST_MOVES, "change", interest.state)
    _fill(interest, criteria)
    interest.save()
    _choose(interest, criteria)
    record(interest, "change", by=by, actor="person", before=interest.state, after=interest.state)
    pace = {"frequency": interest.frequency, "language": interest.language, "time_zone": interest.time_zone}
    retag(subscriptions(), interest.token, **pace)
    return interest


@transaction.atomic
def end(interest: Interest, *, why: str = UNSUBSCRIBED, by: User | None = None) -> Interest:
    """Hear no more. Raises WrongState unless it is active."""
    interest = _again(interest)
    before, interest.state = interest.state, next_state(INTEREST_MOVES, "end", interest.state)
    interest.ended_at = timezone.now()
    interest.ended_why = why
    interest.save(update_fields=["state", "ended_at", "ended_why", "updated_at"])
    actor = "person" if why == UNSUBSCRIBED else ""
    record(interest, "end", by=by, actor=actor, before=before, after=interest.state, why=why)
    take_back(subscriptions(), interest.token)
    return interest


@transaction.atomic
def end_all(interest: Interest, *, why: str = UNSUBSCRIBED, by: User | None = None) -> int:
    """End every active interest of this one's address, so that nothing more comes; return how many there were."""
    return _end_at(interest.address, why, by)


@transaction.atomic
def end_suppressed(address: str, cause: str, *, by: User | None = None) -> int:
    """Mail to `address` bounced, or its owner complained: end what it hears; return how many interests there were."""
    return _end_at(address, UNSUBSCRIBED if cause == Cause.ASKED else cause, by)


@transaction.atomic
def forget_unconfirmed() -> int:
    """Delete what nobody confirmed within a week; return how many were forgotten."""
    stale = Interest.objects.unconfirmed_since_before(timezone.now() - UNCONFIRMED_KEPT)
    rows = list(stale.select_for_update(skip_locked=True).order_by("pk")[:FORGOTTEN_AT_ONCE])
    for interest in rows:
        record(interest, "forget", before=interest.state)
    Interest.objects.filter(pk__in=[interest.pk for interest in rows]).delete()
    return len(rows)


def is_own_address(address: str, user: User | None) -> bool:
    """Whether `address` is one that `user` proved to be theirs."""
    if user is None or not user.is_authenticated:
        return False
    return EmailAddress.objects.filter(user=user, email__iexact=address, verified=True).exists()


def _one_at_a_time(address: str) -> None:
    """Let two declarations for one address wait for each other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"interest:{address.lower()}"])


def _again(interest: Interest) -> Interest:
    return Interest.objects.select_for_update(of=["self"]).get(pk=interest.pk)


def _hears(interest: Interest, criteria: Criteria) -> bool:
    """Whether `interest` asks for the same as `criteria`, in whatever language."""
    if interest.standing != criteria.standing or interest.call_id != (criteria.call.pk if criteria.call else None):
        return False
    if any(getattr(interest, name) != getattr(criteria, name) for name in SAID):
        return False
    if any(set(getattr(interest, name)) != set(getattr(criteria, name)) for name in ("kinds", "countries")):
        return False
    return all(_keys(getattr(interest, name).all()) == _keys(getattr(criteria, name)) for name in CHOSEN)


def _keys(rows: Iterable[Model]) -> set[int]:
    return {row.pk for row in rows}


def _end_at(address: str, why: str, by: User | None) -> int:
    active = list(Interest.objects.of_address(address).active().select_for_update(of=["self"]).order_by("pk"))
    for each in active:
        end(each, why=why, by=by)
    return len(active)


def _create(address: str, criteria: Criteria, consent: Consent, by: User | None) -> Interest:
    interest = Interest(address=address, user=by, consent=consent.wording, consent_version=consent.version)
    _fill(interest, criteria)
    interest.call = criteria.call
    interest.save()
    _choose(interest, criteria)
    record(interest, "declare", by=by, actor="person", after=interest.state)
    return interest


def _fill(interest: Interest, criteria: Criteria) -> None:
    interest.standing = criteria.standing
    interest.kinds = sorted(criteria.kinds)
    interest.country = criteria.country
    interest.note = criteria.note
    interest.language = criteria.language
    interest.time_zone = criteria.time_zone
    interest.frequency = criteria.frequency
    interest.combine = criteria.combine
    interest.countries = sorted(criteria.countries)
    interest.institution = criteria.institution
    interest.offering = criteria.offering


def _choose(interest: Interest, criteria: Criteria) -> None:
    for name in CHOSEN:
        getattr(interest, name).set(getattr(criteria, name))


def _activate(interest: Interest, by: User | None) -> Interest:
    before, interest.state = interest.state, next_state(INTEREST_MOVES, "confirm", interest.state)
    interest.confirmed_at = timezone.now()
    if is_own_address(interest.address, by):
        interest.user = by
    interest.save()
    welcome_back(interest.address, by=by)
    record(interest, "confirm", by=by, actor="person", before=before, after=interest.state)
    return interest


def _remind(interest: Interest) -> None:
    """Write what fits an interest declared again; at most once an hour."""
    kind = ALREADY_KNOWN if interest.is_active else CONFIRM_INTEREST
    key = f"interest:{interest.pk}:again:{timezone.now():%Y%m%d%H}"
    notify(kind, key, [_reader(interest)], {"interest": interest.pk})


def _reader(interest: Interest) -> Recipient:
    return Recipient(interest.address, interest.language, interest.time_zone, interest.user_id)
