"""What one loading of sample data shares: the moment it is about, the rows so far, the history still to be written."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import models

from bookings.slots import wall_moment
from calls.models import Award, Call
from instruments.models import Instrument, Technique
from portal.accounts.models import Organisation, User
from portal.audit.models import Record
from portal.core.models import REF_ALPHABET

SEED = 1899  # any number: the same programme comes out of it every time


@dataclass
class Stage:
    """Rows by the keys of the content files. `random` always deals the same cards in the same order."""

    now: datetime
    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    techniques: dict[str, Technique] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    awards: dict[str, Award] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 guards nothing

    def day(self, offset: int) -> date:
        """The day `offset` days from today (UTC)."""
        return (self.now + timedelta(days=offset)).date()

    def moment(self, offset: int, hour: int, zone: str = "UTC") -> datetime:
        """The moment at which clocks in `zone` show `hour`:00 on that day."""
        return wall_moment(self.day(offset), hour * 60, ZoneInfo(zone))

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def decided(self, call: Call) -> datetime:
        """When the outcomes of a decided call were released."""
        assert call.decision_on is not None
        return wall_moment(call.decision_on, 15 * 60, ZoneInfo("UTC"))

    def new_ref(self) -> str:
        return "".join(self.random.choices(REF_ALPHABET, k=8))

    def note(
        self,
        row: models.Model,
        verb: str,
        at: datetime,
        *,
        by: User | None = None,
        before: str = "",
        after: str = "",
        why: str = "",
    ) -> None:
        """Remember a deed of the past for the history, as `portal.audit.actions.record` would have written it then."""
        actor = "person" if by else "clock"
        label = row._meta.label_lower
        self.records.append(
            Record(
                at=at, by=by, actor=actor, model=label, row_id=row.pk, verb=verb, before=before, after=after, why=why
            )
        )

    def write_history(self) -> None:
        """Write the remembered deeds, the oldest first."""
        Record.objects.bulk_create(sorted(self.records, key=lambda record: record.at))
        self.records.clear()


def backdate(row: models.Model, moment: datetime) -> None:
    """Let a row look as old as it claims to be; its own columns are filled by the clock at every save."""
    type(row)._base_manager.filter(pk=row.pk).update(created_at=moment, updated_at=moment)
