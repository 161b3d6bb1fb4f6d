"""Organisations by file: read for trial and kept, and taken over once staff say yes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts import organisation_csv, rules
from portal.accounts.actions.organisations import SAID
from portal.accounts.actions.slugs import free_slugs
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation, OrganisationFile, User
from portal.accounts.organisation_csv import Line
from portal.accounts.organisation_names import without_repeats
from portal.accounts.zones import zone_of_country
from portal.audit.actions import entry, record, record_all
from portal.core.errors import Forbidden, Reason, Refused, Taken
from portal.core.retry import broken_constraint
from portal.core.search import fold
from portal.core.sheets import Unreadable, decoded

KEPT = timedelta(days=30)
MOST_FILES = 20  # of one person; older ones go when another comes
NEW, CHANGED, SAME, FAULTY = "new", "changed", "same", "faulty"


@dataclass
class Planned:
    """A row and what it comes to: one of NEW, CHANGED, SAME, FAULTY; `row` is the entry, a new one not yet saved.

    An entry that gets another name keeps the old one among its former names: it is still found by it.
    """

    line: Line
    row: Organisation | None = None
    fields: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.line.problems or self.row is None:
            return FAULTY
        if self.row.pk is None:
            return NEW
        return CHANGED if self.fields else SAME


@transaction.atomic
def keep_file(name: str, raw: bytes, *, replaces: bool, by: User) -> OrganisationFile:
    """Read a file for trial and keep it among the newest of its owner.

    Raises Forbidden, and Refused `unreadable` with what is wrong with it.
    """
    if not rules.is_staff(by):
        raise Forbidden
    try:
        text = decoded(raw)
        organisation_csv.read(text)
    except Unreadable as reason:
        raise Refused(Reason("unreadable", str(reason))) from reason
    kept = OrganisationFile.objects.create(owner=by, name=name[:120], content=text, replaces=replaces)
    newest = OrganisationFile.objects.filter(owner=by).order_by("-pk").values_list("pk", flat=True)[:MOST_FILES]
    OrganisationFile.objects.filter(owner=by).exclude(pk__in=list(newest)).delete()
    record(kept, "keep", by=by)
    return kept


@transaction.atomic
def take_file(file: OrganisationFile, *, by: User) -> OrganisationFile:
    """Enter and change what the good rows say, once; what is new counts as verified, since staff entered it.

    Raises Forbidden, Refused `taken_already` or `nothing_to_do`, Taken `changed_meanwhile`.
    """
    kept = OrganisationFile.objects.select_for_update().get(pk=file.pk)
    if not rules.is_staff(by) or kept.owner_id != by.pk:
        raise Forbidden
    if kept.done_at is not None:
        raise Refused(Reason("taken_already", _("This file has been taken over already; nothing was done twice.")))
    plans = planned(kept, for_update=True)
    new = [plan for plan in plans if plan.outcome == NEW]
    changed = [plan for plan in plans if plan.outcome == CHANGED]
    if not new and not changed:
        raise Refused(Reason("nothing_to_do", _("No row of this file says anything new.")))
    try:
        with transaction.atomic():
            _enter(new, kept, by)
            _change(changed, kept, by)
    except IntegrityError as error:
        if broken_constraint(error) not in {"organisation_once_a_ror", "accounts_organisation_slug_key"}:
            raise
        sentence = _("The directory changed while you were reading. Look at the trial again, then take it over.")
        raise Taken(Reason("changed_meanwhile", sentence)) from error
    kept.done_at, kept.entered, kept.changed = timezone.now(), len(new), len(changed)
    kept.save(update_fields=["done_at", "entered", "changed", "updated_at"])
    record(kept, "take", by=by, entered=len(new), changed=len(changed))
    return kept


def forget_files(now: datetime) -> int:
    """Delete files a month after they came; what they entered stays."""
    count, _tables = OrganisationFile.objects.filter(created_at__lt=now - KEPT).delete()
    return count


def planned(file: OrganisationFile, *, for_update: bool = False) -> list[Planned]:
    """The rows of a kept file against the directory of this moment: two statements, whatever the number of rows."""
    try:
        lines = organisation_csv.read(file.content)
    except Unreadable as reason:
        raise Refused(Reason("unreadable", str(reason))) from reason
    return _Reading(lines, file.replaces, for_update).plans


class _Reading:
    """Finds for each line the entry that it is about: by ROR id, then by name and country."""

    def __init__(self, lines: Sequence[Line], replaces: bool, for_update: bool) -> None:
        self.replaces = replaces
        self.by_ror: dict[str, Organisation] = {}
        self.by_name: dict[tuple[str, str], list[Organisation]] = {}
        self.seen: dict[object, int] = {}  # what an earlier line was about, and its number
        for row, stands in _candidates(lines, for_update):
            self._know(row, stands)
        self.plans = [self._plan(line) for line in lines]

    def _know(self, row: Organisation, stands: Organisation) -> None:
        """A merged entry's name and ROR id still lead to the kept one, and so does every name it is known by."""
        if row.ror:
            self.by_ror[row.ror] = stands
        for name in (row.name, *row.former, *row.others):
            namesakes = self.by_name.setdefault((fold(name), str(row.country)), [])
            if stands not in namesakes:
                namesakes.append(stands)

    def _plan(self, line: Line) -> Planned:
        if line.problems:
            return Planned(line)
        row = self._entry_of(line)
        if line.problems:
            return Planned(line)
        if row is None:
            return self._new(line)
        fields = [name for name in SAID if name in line.values and self._takes(row, name, line.values[name])]
        plan = self._once(Planned(line, row, fields), row.pk)
        if "ror" in fields and not line.problems:  # an earlier line may give the same id to another entry
            self._once(plan, line.values["ror"])
        if not line.problems:
            if "name" in fields and fold(row.name) != fold(line.values["name"]):
                row.former_names = "\n".join(
                    without_repeats([*row.former, row.name], {line.values["name"], *row.others})
                )
                fields.append("former_names")
            for name in fields:
                setattr(row, name, line.values.get(name, getattr(row, name)))
        return plan

    def _takes(self, row: Organisation, name: str, value: str) -> bool:
        stored = str(getattr(row, name) or "")
        if name == "name" and fold(value) in map(fold, [*row.former, *row.others]):
            return False  # a name that finds it does not become its name
        return stored != value and (self.replaces or not stored)

    def _new(self, line: Line) -> Planned:
        if "kind" not in line.values:
            line.problems.append("kind: " + _("is missing; a new organisation has one."))
            return Planned(line)
        values = {"time_zone": zone_of_country(line.values["country"])} | line.values
        row = Organisation(state=OrganisationState.VERIFIED, **values)
        self._once(Planned(line), (fold(row.name), str(row.country)))
        if row.ror:
            self._once(Planned(line), row.ror)
        return Planned(line, row)

    def _once(self, plan: Planned, about: object) -> Planned:
        """Two lines about one organisation: the later one is at fault."""
        first = self.seen.setdefault(about, plan.line.number)
        if first != plan.line.number:
            sentence = _("is about the same organisation as row %(row)d.") % {"row": first}
            plan.line.problems.append(f"name: {sentence}")
        return plan

    def _entry_of(self, line: Line) -> Organisation | None:
        ror = line.values.get("ror", "")
        if ror in self.by_ror:
            return self.by_ror[ror]
        namesakes = self.by_name.get((fold(line.values["name"]), line.values["country"]), [])
        if len(namesakes) > 1:
            line.problems.append("name: " + _("several entries have this name in this country. Give the ROR id."))
            return None
        found = namesakes[0] if namesakes else None
        if found is not None and ror and found.ror and found.ror != ror:
            sentence = _("the entry of this name has another one, %(ror)s.") % {"ror": found.ror}
            line.problems.append(f"ror: {sentence}")
        return found


def _candidates(lines: Iterable[Line], for_update: bool) -> list[tuple[Organisation, Organisation]]:
    """Every entry that a line may be about, beside the one that stands for it: itself, or the kept one of a merge."""
    good = [line for line in lines if not line.problems]
    rors = {line.values["ror"] for line in good if "ror" in line.values}
    named = Organisation.objects.named(line.values["name"] for line in good).values("pk")
    found = list(Organisation.objects.filter(Q(pk__in=named) | Q(ror__in=rors)).order_by("pk"))
    standing = Organisation.objects.filter(pk__in={row.merged_into_id or row.pk for row in found}).order_by("pk")
    if for_update:
        standing = standing.select_for_update(no_key=True)
    by_pk = standing.in_bulk()
    return [(row, by_pk[row.merged_into_id or row.pk]) for row in found]


def _enter(plans: list[Planned], file: OrganisationFile, by: User) -> None:
    rows = [plan.row for plan in plans if plan.row is not None]
    for row, slug in zip(rows, free_slugs(row.name for row in rows), strict=True):
        row.slug = slug
    made = Organisation.objects.bulk_create(rows, batch_size=500)
    record_all(entry(row, "import", by=by, after=row.state, file=file.pk) for row in made)


def _change(plans: list[Planned], file: OrganisationFile, by: User) -> None:
    rows = [plan.row for plan in plans if plan.row is not None]
    now = timezone.now()
    for row in rows:
        row.updated_at = now  # bulk_update leaves it alone
    Organisation.objects.bulk_update(rows, [*SAID, "updated_at"], batch_size=500)
    record_all(
        entry(plan.row, "change", by=by, fields=plan.fields, file=file.pk) for plan in plans if plan.row is not None
    )
