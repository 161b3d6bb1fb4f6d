"""What the rules need to know of an award and its people, read in one statement."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from django.db import connection

from bookings.enums import ACTIVE, AT_THE_LABORATORY, OCCUPYING, BookingState
from bookings.facts import Facts
from bookings.models import Booking
from bookings.slots import Span
from calls.models import Award
from portal.accounts.enums import MembershipState, Role


def _listed(values: Iterable[str]) -> str:
    return ",".join(f"'{value}'" for value in values)


# By hand like the facts. One value a row, so that who asks about many awards at once can select it beside its own
# columns; the award is called `award` there. Which certificates count is as CertificateQuerySet.covering says.
_BOOKINGS = "bookings_booking row WHERE row.award_id = award.id AND row.instrument_id = award.instrument_id"
_STANDING = f"""jsonb_build_array(
    award.id, award.ref, award.instrument_id, award.state, award.valid_from, award.valid_until, award.balance_minutes,
    award.holder_id,
    (SELECT jsonb_agg(user_id) FROM calls_award_members WHERE award_id = award.id),
    {{taking_part}},
    (SELECT jsonb_agg(user_id) FROM accounts_membership WHERE organisation_id = award.organisation_id
        AND state = '{MembershipState.CONFIRMED}' AND (user_id = award.holder_id OR role = '{Role.FOCAL_POINT}')),
    {{open}}, {{booked}}, {{sample}}, {{certificates}})"""  # noqa: S608 of our own constants
_TAKING_PART = "(SELECT jsonb_agg(user_id) FROM bookings_booking_participants WHERE booking_id = %s)"
_OPEN = f"""(SELECT count(*) FROM {_BOOKINGS} AND row.state IN ({_listed(ACTIVE)}) AND upper(row.period) > %s
        AND row.id <> %s)"""  # noqa: S608 of our own constants
_BOOKED = f"""(SELECT jsonb_agg(jsonb_build_array(lower(row.period), row.minutes)) FROM {_BOOKINGS}
        AND row.state IN ({_listed(OCCUPYING)}) AND lower(row.period) >= %s AND lower(row.period) < %s
        AND row.id <> %s)"""  # noqa: S608 of our own constants
_SAMPLE = (
    "EXISTS (SELECT FROM bookings_sample sample WHERE sample.award_id = award.id"
    f" AND sample.state IN ({_listed(AT_THE_LABORATORY)}))"
)
_CERTIFICATES = """(SELECT jsonb_agg(jsonb_build_array(
            certificate.person_id, certificate.issued_on, certificate.valid_until))
        FROM instruments_certificate certificate LEFT JOIN instruments_technique named
            ON named.id = certificate.technique_id
        WHERE certificate.revoked_at IS NULL AND (certificate.person_id = award.holder_id
            OR certificate.person_id IN (SELECT user_id FROM calls_award_members WHERE award_id = award.id)
            OR certificate.person_id IN (SELECT user_id FROM bookings_booking_participants WHERE booking_id = %s))
        AND (certificate.instrument_id = award.instrument_id OR EXISTS (
            SELECT FROM instruments_instrument_techniques own JOIN instruments_technique technique
                ON technique.id = own.technique_id
            WHERE own.instrument_id = award.instrument_id
                AND (technique.path = named.path OR starts_with(technique.path, named.path || '/')))))"""


@dataclass(frozen=True)
class Right:
    """A certificate for the instrument: whose, from which day, until which (None: without end)."""

    person: int
    first: date
    last: date | None


@dataclass(frozen=True)
class Standing:
    """An award and its people as the rules see them. Of a booking that moves, `balance_minutes` has its own minutes.

    `may_book` are its holder and focal points, as far as their membership is confirmed, `taking_part` those who take
    part in the booking that moves, `booked` (start, minutes) of the bookings in the weeks around the window. What the
    policy does not ask for is not read: `open_bookings`, `booked`, `has_sample`, `rights`.
    """

    pk: int
    ref: str
    instrument_id: int | None
    state: str
    valid_from: date
    valid_until: date
    balance_minutes: int
    holder: int
    people: frozenset[int]
    taking_part: frozenset[int]
    may_book: frozenset[int]
    open_bookings: int
    booked: tuple[tuple[datetime, int], ...]
    has_sample: bool
    rights: tuple[Right, ...]

    @classmethod
    def read(cls, award: Award, facts: Facts, now: datetime, *, moving: Booking | None = None) -> Self:
        """Look at the award again, now; `moving` is a booking that gives up its time for another, or an offer.

        Raises Award.DoesNotExist.
        """
        column, values = standing_column(facts, now, moving=moving)
        sql = f"SELECT {column} FROM calls_award award WHERE award.id = %s"  # noqa: S608 of our own columns
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, award.pk])
            row = cursor.fetchone()
        if row is None:
            raise Award.DoesNotExist
        found = cls.of(row[0])
        if moving is None or moving.state == BookingState.HELD:  # an offer has debited nothing
            return found
        return replace(found, balance_minutes=found.balance_minutes + moving.minutes)

    @classmethod
    def of(cls, value: str) -> Self:
        """What `standing_column` gave."""
        pk, ref, instrument, state, first, last, balance, holder, *lists = json.loads(value)
        members, taking_part, may_book, open_bookings, booked, has_sample, rights = lists
        return cls(
            pk=pk,
            ref=ref,
            instrument_id=instrument,
            state=state,
            valid_from=date.fromisoformat(first),
            valid_until=date.fromisoformat(last),
            balance_minutes=balance,
            holder=holder,
            people=frozenset([holder, *(members or [])]),
            taking_part=frozenset(taking_part or []),
            may_book=frozenset(may_book or []),
            open_bookings=open_bookings,
            booked=tuple((datetime.fromisoformat(start), minutes) for start, minutes in booked or []),
            has_sample=has_sample,
            rights=tuple(
                Right(person, date.fromisoformat(since), _day(until)) for person, since, until in rights or []
            ),
        )

    def having(self, facts: Facts, period: Span) -> Self:
        """The standing once `period` is booked too: for what is booked in one go."""
        return replace(
            self,
            balance_minutes=self.balance_minutes - facts.cost(period),
            open_bookings=self.open_bookings + 1,
            booked=(*self.booked, (period.start, facts.cost(period))),
        )


def standing_column(facts: Facts, now: datetime, *, moving: Booking | None = None) -> tuple[str, list[Any]]:
    """SQL of one value that `Standing.of` reads, and its parameters, for a statement in which `award` is an award.

    The facts are those of the awards' instrument; their window is where bookings are wished for.
    """
    policy, without = facts.policy, moving.pk if moving else 0
    weeks = Span(facts.week_of(facts.window.start).start, facts.week_of(facts.window.end).end)
    parts: list[tuple[str, bool, str, str, list[Any]]] = [  # name, whether it is needed, SQL, else, parameters
        ("taking_part", moving is not None, _TAKING_PART, "null", [without]),
        ("open", policy.open_bookings_limit is not None, _OPEN, "0", [now, without]),
        ("booked", policy.weekly_limit is not None, _BOOKED, "null", [weeks.start, weeks.end, without]),
        ("sample", policy.needs_sample, _SAMPLE, "true", []),
        ("certificates", policy.needs_certificate, _CERTIFICATES, "null", [without]),
    ]
    sql = _STANDING.format_map({name: text if needed else other for name, needed, text, other, _ in parts})
    return sql, [value for _, needed, _, _, values in parts if needed for value in values]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
