"""Two entries of one organisation become one: every row of every app that pointed to the one points to the other."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.accounts import notices, rules
from portal.accounts.enums import MembershipState, OrganisationState
from portal.accounts.models import KnownPair, Membership, Organisation, User
from portal.accounts.organisation_names import without_repeats
from portal.accounts.states import ORGANISATION_MOVES
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, Taken
from portal.core.machine import next_state
from portal.core.retry import broken_constraint, in_transaction
from portal.notifications.actions import notify, reader

FILLED = ("city", "ror", "website", "summary_en", "summary_fr")  # what the kept one takes where it has nothing
# Locks are taken in one order: instruments, people, awards, bookings, then all others by name.
FIRST = ("instruments.instrument", "accounts.membership", "calls.award", "bookings.booking")


class Pointer(NamedTuple):
    """A column of a table that points to organisations."""

    model: type[models.Model]
    column: str

    @property
    def label(self) -> str | Promise:
        return self.model._meta.verbose_name_plural or self.model._meta.label

    def rows(self, organisation: Organisation) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(**{self.column: organisation.pk})


def pointers() -> list[Pointer]:
    """Every column of every table that points to organisations, links of many to many included.

    All but pairs that are two: who is told apart from whom is written anew.
    """
    fields = Organisation._meta.get_fields(include_hidden=True)
    relations = [field for field in fields if isinstance(field, models.ManyToOneRel)]
    found = {Pointer(relation.related_model, relation.field.name) for relation in relations}
    found = {pointer for pointer in found if pointer.model is not KnownPair}
    return sorted(found, key=lambda pointer: (_place(pointer.model), pointer.model._meta.label_lower, pointer.column))


def rows_to_move(organisation: Organisation) -> list[tuple[str | Promise, int]]:
    """(what, how many) of the rows that merging `organisation` would move; nothing is written."""
    counted = [(_called(pointer), pointer.rows(organisation).count()) for pointer in pointers()]
    return [(label, number) for label, number in counted if number]


def names_after(duplicate: Organisation, kept: Organisation) -> dict[str, str]:
    """The former and other names of `kept`, one a line, once it has taken those of `duplicate` and its name."""
    others = without_repeats([*kept.others, *duplicate.others], {kept.name})
    former = without_repeats([*kept.former, *duplicate.former, duplicate.name], {kept.name, *others})
    return {"former_names": "\n".join(former), "other_names": "\n".join(others)}


def merge_organisations(duplicate: Organisation, kept: Organisation, *, by: User) -> Organisation:
    """Make `duplicate` an old address of `kept`, which gets its rows and, where it has nothing, what is said of it.

    Its name, and those it is known by, find the kept one from then on. People who are or asked to be the same in both
    stay once, with the better of their two states. Its own people are told. Raises Forbidden, Refused `same`, `merged`,
    `not_verified`, WrongState, Taken where a promise of a table would break.
    """
    if not rules.is_staff(by):
        raise Forbidden
    try:
        return in_transaction(lambda: _merge(duplicate, kept, by))
    except IntegrityError as error:
        sentence = _("Rows of the two cannot stand side by side (%(promise)s). Settle them by hand, then merge.")
        raise Taken(Reason("clash", sentence % {"promise": broken_constraint(error) or "?"})) from error


def gather_merged() -> int:
    """Move what still came to merged organisations: rows that others were writing in the moment of the merge."""
    moved = 0
    merged = Organisation.objects.filter(_has_rows(), state=OrganisationState.MERGED, merged_into__isnull=False)
    for duplicate in merged.order_by("pk"):
        with transaction.atomic():
            kept = Organisation.objects.select_for_update(no_key=True).get(merged=duplicate)
            counted = _move_all(duplicate, kept, None)
            record(kept, "gather", of=duplicate.slug, moved=counted)
        moved += sum(counted.values())
    return moved


def _merge(duplicate: Organisation, kept: Organisation, by: User) -> Organisation:
    """Not FOR UPDATE: who writes a row that points here holds a key share, and may hold locks that we want next."""
    pair = [duplicate.pk, kept.pk]
    locked = Organisation.objects.select_for_update(no_key=True).filter(pk__in=pair).order_by("pk").in_bulk()
    source, target = locked[duplicate.pk], locked[kept.pk]
    if source.pk == target.pk:
        raise Refused(Reason("same", _("An organisation cannot be merged into itself.")))
    if target.state == OrganisationState.MERGED:
        raise Refused(Reason("merged", _("This entry was merged into another in the meantime.")))
    if target.state != OrganisationState.VERIFIED:
        raise Refused(Reason("not_verified", _("Verify the organisation that is kept first.")))
    before, source.state = source.state, next_state(ORGANISATION_MOVES, "merge", source.state)
    source.merged_into = target
    told = list(User.objects.filter(pk__in=source.memberships.open().values("user"), is_active=True).order_by("pk"))
    taken = _hand_over(source, target)
    source.save()
    target.save()
    _tell_apart_from_kept(source, target)
    moved = _move_all(source, target, by)
    record(source, "merge", by=by, before=before, after=source.state, into=target.slug)
    record(target, "take_over", by=by, of=source.slug, moved=moved, filled=taken)
    data = {"organisation": target.pk, "former": source.name}
    notify(notices.ORGANISATION_MERGED, f"organisation:{source.pk}", [reader(user) for user in told], data)
    duplicate.state, duplicate.merged_into = source.state, target
    return target


def _hand_over(source: Organisation, target: Organisation) -> list[str]:
    """Let the kept one say what it did not, and be found by all names; a ROR id can stand in one row only.

    Returns the fields that changed.
    """
    said = {field: getattr(source, field) for field in FILLED if getattr(source, field) and not getattr(target, field)}
    said |= {field: names for field, names in names_after(source, target).items() if names != getattr(target, field)}
    taken = list(said)
    for field, value in said.items():
        setattr(target, field, value)
    if "ror" in taken:
        source.ror = ""
    return taken


def _tell_apart_from_kept(source: Organisation, target: Organisation) -> None:
    """Whoever was told apart from the duplicate is so from the kept one."""
    for pair in KnownPair.objects.filter(Q(first=source) | Q(second=source)):
        other = pair.second_id if pair.first_id == source.pk else pair.first_id
        pair.first_id, pair.second_id = sorted((other, target.pk))
        known = KnownPair.objects.filter(first=pair.first_id, second=pair.second_id)
        if other == target.pk or known.exists():
            pair.delete()
        else:
            pair.save(update_fields=["first", "second", "updated_at"])


def _move_all(source: Organisation, target: Organisation, by: User | None) -> dict[str, int]:
    """Point every row to the kept one; how many of each table."""
    counted: Counter[str] = Counter()
    for pointer in pointers():
        if pointer.model is Membership:
            _end_doubled(source, target, by)
        _forget_linked_already(pointer, source, target)
        moved = pointer.rows(source).update(**{pointer.column: target.pk})
        if moved:
            counted[pointer.model._meta.label_lower] += moved
    return dict(counted)


def _forget_linked_already(pointer: Pointer, source: Organisation, target: Organisation) -> None:
    """Links of many to many that the kept one has too are not made twice."""
    if not pointer.model._meta.auto_created:
        return
    for other in _other_columns(pointer):
        linked = pointer.rows(target).values(other)
        pointer.rows(source).filter(**{f"{other}__in": linked}).delete()


def _other_columns(pointer: Pointer) -> Iterator[str]:
    fields = pointer.model._meta.concrete_fields
    return (field.name for field in fields if field.is_relation and field.name != pointer.column)


def _end_doubled(source: Organisation, target: Organisation, by: User | None) -> None:
    """Of two open memberships of one person in one role, end the weaker: a request before what was confirmed."""
    rows = Membership.objects.select_for_update().filter(organisation__in=[source, target]).open()
    best: dict[tuple[int, str], Membership] = {}
    # At the same rank the kept one's own row stays: it was there first as far as its people know.
    better_first = sorted(
        rows.order_by("pk"), key=lambda row: (row.state != "confirmed", row.organisation_id != target.pk)
    )
    for row in better_first:
        if best.setdefault((row.user_id, row.role), row) is row:
            continue
        before, row.state = row.state, MembershipState.ENDED
        row.save(update_fields=["state", "updated_at"])
        record(row, "merge", by=by, before=before, after=row.state, why="the organisations became one")


def _has_rows() -> Q:
    """Of organisations: something points to it, apart from others that were merged into it."""
    asked = Q()
    for pointer in pointers():
        if pointer.model is not Organisation:
            asked |= Q(Exists(pointer.model._base_manager.filter(**{pointer.column: OuterRef("pk")})))
    return asked


def _called(pointer: Pointer) -> str | Promise:
    """How people call the rows: for links of many to many, what is linked."""
    if not pointer.model._meta.auto_created:
        return pointer.label
    linked: Any = pointer.model._meta.auto_created
    return linked._meta.verbose_name_plural or linked._meta.label


def _place(model: type[models.Model]) -> int:
    label = model._meta.label_lower
    return FIRST.index(label) if label in FIRST else len(FIRST)
