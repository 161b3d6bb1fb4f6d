"""Who waits for time on an instrument, with all that the rules ask of them, in one statement."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connection

from bookings.enums import BookingState, WaitlistState
from bookings.facts import Facts
from bookings.slots import DAY, MINUTE, Span
from bookings.standing import Standing, standing_column
from calls.enums import AwardKind, AwardState
from portal.notifications.actions import Recipient

# The rule that pages state: the award's priority, the least minutes used of it, and then who came first.
_ORDER = "award.priority DESC, award.granted_minutes - award.balance_minutes, entry.created_at, entry.id"
_TABLES = """bookings_waitlistentry entry
    JOIN bookings_waitlistentry_awards link ON link.waitlistentry_id = entry.id
    JOIN calls_award award ON award.id = link.award_id"""
# By hand like the facts and the standing, of which it has the column.
_WISHES = f"""
SELECT entry.id, entry.asked_by_id, entry.purpose, entry.minutes, lower(entry.window), upper(entry.window),
    entry.least_notice, award.organisation_id,
    (SELECT coalesce(sum(minutes), 0) FROM bookings_booking
        WHERE award_id = award.id AND state = '{BookingState.HELD}'),
    (SELECT jsonb_agg(jsonb_build_array(lower(period), upper(period))) FROM bookings_booking
        WHERE entry_id = entry.id AND state <> '{BookingState.HELD}'),
    (SELECT jsonb_agg(jsonb_build_array(email, language, time_zone, id) ORDER BY id) FROM accounts_user
        WHERE is_active AND id IN (entry.asked_by_id, award.holder_id)),
    {{standing}}
FROM {_TABLES}
WHERE award.instrument_id = %s AND entry.state = '{WaitlistState.WAITING}' AND entry.window && tstzrange(%s, %s)
    AND upper(entry.window) - (entry.minutes + entry.least_notice) * interval '1 minute' >= %s
    AND entry.minutes BETWEEN %s AND %s
    AND award.kind = '{AwardKind.HOURS}' AND award.state = '{AwardState.ACTIVE}'
    AND award.balance_minutes >= entry.minutes
ORDER BY {_ORDER}
LIMIT %s {{lock}}
"""  # noqa: S608 of our own constants
_PLACES = f"""
SELECT entry, instrument, place FROM (
    SELECT entry.id AS entry, award.instrument_id AS instrument,
        row_number() OVER (PARTITION BY award.instrument_id ORDER BY {_ORDER}) AS place
    FROM {_TABLES}
    WHERE entry.state = '{WaitlistState.WAITING}' AND award.state = '{AwardState.ACTIVE}' AND award.instrument_id IN (
        SELECT own.instrument_id FROM calls_award own
        JOIN bookings_waitlistentry_awards mine ON mine.award_id = own.id WHERE mine.waitlistentry_id = ANY(%s))
    ) placed WHERE entry = ANY(%s)
"""  # noqa: S608 of our own constants
LOCK = "FOR NO KEY UPDATE OF entry SKIP LOCKED"


@dataclass(frozen=True)
class Wish:
    """What one place on the waiting list wants of one instrument, and the award that would pay.

    `refused` are the times it was offered in vain; the minutes that other offers would take of the award are taken
    off its standing already.
    """

    entry: int
    asked_by: int
    purpose: str
    minutes: int
    window: Span
    least_notice: timedelta
    organisation: int
    refused: tuple[Span, ...]
    people: tuple[Recipient, ...]
    standing: Standing

    @classmethod
    def read_all(cls, facts: Facts, freed: Span, now: datetime, most: int, *, lock: bool) -> list[Self]:
        """The first `most` who could take time around `freed`, in the order of the waiting list.

        With `lock` their places are locked, and those that another transaction holds are left out.
        """
        column, values = standing_column(facts, now)
        near = (freed.start - DAY, freed.end + DAY)  # a day for the change-over
        lengths = (facts.policy.shortest, facts.policy.longest)
        with connection.cursor() as cursor:
            cursor.execute(
                _WISHES.format(standing=column, lock=LOCK if lock else ""),
                [*values, facts.instrument.pk, *near, now, *lengths, most],
            )
            return [cls._of(*row) for row in cursor.fetchall()]

    @classmethod
    def _of(
        cls,
        entry: int,
        asked_by: int,
        purpose: str,
        minutes: int,
        first: datetime,
        last: datetime,
        notice: int,
        organisation: int,
        held: int,
        refused: str | None,
        people: str | None,
        standing: str,
    ) -> Self:
        award = Standing.of(standing)
        return cls(
            entry=entry,
            asked_by=asked_by,
            purpose=purpose,
            minutes=minutes,
            window=Span(first, last),
            least_notice=notice * MINUTE,
            organisation=organisation,
            refused=tuple(Span(*map(datetime.fromisoformat, pair)) for pair in _rows(refused)),
            people=tuple(Recipient(*person) for person in _rows(people)),
            standing=replace(award, balance_minutes=award.balance_minutes - held),
        )

    def wants(self, period: Span, now: datetime) -> bool:
        """Whether the period lies in its window, comes early enough, and is none that it was offered in vain."""
        in_time = period.start >= now + self.least_notice
        return in_time and self.window.covers(period) and not any(span.overlaps(period) for span in self.refused)


def places_of(entries: Collection[int]) -> dict[int, dict[int, int]]:
    """For each of these that waits its place on the list of each instrument: `{entry: {instrument: place}}`.

    A place whose award has ended is never served: it is none, and stands before nobody.
    """
    found: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [list(entries), list(entries)])
        for entry, instrument, place in cursor.fetchall():
            found.setdefault(entry, {})[instrument] = place
    return found


def _rows(text: str | None) -> Any:
    return json.loads(text) if text else []
