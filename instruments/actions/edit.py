"""Create an instrument and change how it is described, made up, open and booked.

Hours, policy and units decide what may be booked from now on. Bookings that exist stand; those that no longer fit are
returned, as the apps above name them, and their people are told.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from instruments import signals
from instruments.actions.locking import lock_to_run, permit
from instruments.actions.moves import gaps_before_listing
from instruments.enums import InstrumentState
from instruments.models import Instrument, OpeningHours, Policy, Technique, Unit
from instruments.versions import check_seen, digest
from portal.accounts.models import Organisation
from portal.audit.actions import record
from portal.core.addresses import free_slug
from portal.core.errors import Conflict, Reason, Refused

WORKING_WEEK = [(weekday, 9 * 60, 17 * 60) for weekday in range(5)]
RESERVED = {"propose", "free", "begin"}  # parts of addresses
DESCRIBED = (
    "name_en", "name_fr", "summary_en", "summary_fr", "organisation_id", "place", "time_zone", "access_mode", "link",
    "description_en", "description_fr", "sample_requirements_en", "sample_requirements_fr", "maker", "model",
    "specifications_en", "specifications_fr", "pidinst", "ship_to",
)  # fmt: skip
Stretch = tuple[int, int, int]  # weekday from 0, opens, closes in minutes


@dataclass(frozen=True)
class UnitLine:
    """A unit as typed: `pk` None for a new one."""

    pk: int | None
    name: str
    is_active: bool = True
    remove: bool = False


@transaction.atomic
def create_instrument(
    *, by: Any, organisation: Organisation, techniques: Iterable[Technique], **fields: Any
) -> Instrument:
    """Create a draft with one unit, a working week of opening hours and the usual policy, all to be changed.

    `fields` are columns of the model. Raises Refused when one of them is wrong, such as an unknown time zone.
    """
    permit(by, "create")
    instrument = Instrument(organisation=organisation, state=InstrumentState.DRAFT, **fields)
    instrument.slug = instrument.slug or free_address(fields.get("name_en") or instrument.name)
    _validated(instrument)
    instrument.save()
    instrument.techniques.set(techniques)
    equip(instrument)
    record(instrument, "create", by=by, after=instrument.state)
    return instrument


def equip(instrument: Instrument) -> None:
    """Give a new one what it can be booked with: one unit, a working week, the usual policy."""
    Unit.objects.create(instrument=instrument, name=_("Unit 1"))
    _write_hours(instrument, WORKING_WEEK)
    Policy.objects.create(instrument=instrument)


def version_of_instrument(instrument: Instrument) -> str:
    """Which description somebody edits; see `update_instrument`."""
    techniques = sorted(instrument.techniques.values_list("pk", flat=True))
    return digest({name: getattr(instrument, name) for name in DESCRIBED} | {"techniques": techniques})


@transaction.atomic
def update_instrument(
    instrument: Instrument, *, by: Any, techniques: Iterable[Technique] | None = None, version: str = "", **fields: Any
) -> Instrument:
    """Change what is said of it. `version`: of the description that was edited, empty where nobody read it before.

    Raises Refused when a listed one would lose what being listed needs, and Conflict where somebody else saved other
    words meanwhile.
    """
    fresh = lock_to_run(instrument, by)
    current = version_of_instrument(fresh)
    if version not in ("", current) and _differs(fresh, fields, techniques):
        raise Conflict(current)
    for name, value in fields.items():
        setattr(fresh, name, value)
    _validated(fresh)
    fresh.save()
    if techniques is not None:
        fresh.techniques.set(techniques)
    _still_listable(fresh)
    record(fresh, "update", by=by, fields=sorted(fields))
    return fresh


def _differs(instrument: Instrument, fields: Mapping[str, Any], techniques: Iterable[Technique] | None) -> bool:
    """Whether what was typed says anything that is not stored: a form sent twice is in nobody's way."""
    stored = {row.pk for row in instrument.techniques.all()}
    is_other = techniques is not None and {row.pk for row in techniques} != stored
    return is_other or any((getattr(instrument, name) or "") != (value or "") for name, value in fields.items())


def version_of_units(units: Iterable[Unit | UnitLine]) -> str:
    """Which units somebody edits; see `set_units`."""
    return digest({"units": sorted(([unit.pk, unit.name, unit.is_active] for unit in units), key=str)})


@transaction.atomic
def set_units(instrument: Instrument, lines: Sequence[UnitLine], *, by: Any, version: str = "") -> list[Any]:
    """Write the units as typed. One with bookings cannot be removed, only taken out of service: those are returned.

    `version` here and below: of what was edited, empty where nobody read it before. Raises Conflict where somebody
    else saved something else meanwhile, and Refused for units that cannot be as typed.
    """
    fresh = lock_to_run(instrument, by)
    units = {unit.pk: unit for unit in fresh.units.all()}
    kept = [line for line in lines if not line.remove]
    check_seen(version, version_of_units(units.values()), version_of_units(kept))
    names = [line.name.casefold() for line in kept]
    if len(names) != len(set(names)):
        raise Refused(Reason("units_doubled", _("Two units have the same name. Give each its own.")))
    if any(line.pk is not None and line.pk not in units for line in lines):
        raise Refused(Reason("unit_unknown", _("One of these units belongs to another instrument.")))
    _remove_units([units[line.pk] for line in lines if line.remove and line.pk])
    _write_units(fresh, units, kept)
    _still_listable(fresh)
    record(fresh, "set_units", by=by, units=[line.name for line in kept])
    return signals.answers_of(signals.units_changed.send(Instrument, instrument=fresh, by=by))


def version_of_hours(hours: Iterable[OpeningHours]) -> str:
    """Which week somebody edits; see `set_opening_hours`."""
    return _version_of_week((row.weekday, row.opens, row.closes) for row in hours)


def _version_of_week(stretches: Iterable[Stretch]) -> str:
    return digest({"week": sorted(stretches)})


@transaction.atomic
def set_opening_hours(instrument: Instrument, stretches: Sequence[Stretch], *, by: Any, version: str = "") -> list[Any]:
    """Replace the week by `stretches`: (weekday from 0, opens, closes), minutes of the laboratory's wall time.

    Returns the bookings that lie outside now. Raises Conflict, and Refused for a stretch that ends before it begins
    and for two that overlap.
    """
    fresh = lock_to_run(instrument, by)
    week = sorted(stretches)
    check_seen(version, version_of_hours(fresh.opening_hours.all()), _version_of_week(week))
    if any(not (0 <= day <= 6 and 0 <= opens < closes <= 1440) for day, opens, closes in week):
        raise Refused(Reason("hours_backwards", _("Opening hours end after they begin, on the same day.")))
    if any(one[0] == two[0] and two[1] < one[2] for one, two in pairwise(week)):
        raise Refused(Reason("hours_overlap", _("Two stretches of one day overlap. Make them one.")))
    before = list(fresh.opening_hours.values_list("weekday", "opens", "closes"))
    fresh.opening_hours.all().delete()
    _write_hours(fresh, week)
    _still_listable(fresh)
    record(fresh, "set_hours", by=by, hours=week, hours_before=before)
    return signals.answers_of(signals.hours_changed.send(Instrument, instrument=fresh, by=by, before=before))


def policy_of(instrument: Instrument) -> Policy:
    """The booking policy that is stored, or the usual one."""
    return Policy.objects.filter(instrument=instrument).first() or Policy(instrument=instrument)


def version_of_policy(policy: Policy) -> str:
    """Which policy somebody edits; see `set_policy`."""
    return digest(model_to_dict(policy))


@transaction.atomic
def set_policy(instrument: Instrument, *, by: Any, version: str = "", **fields: Any) -> list[Any]:
    """Change the booking policy; fields not named stay. Returns the bookings that have too little room now.

    Raises Conflict, and Refused when the lengths do not fit each other.
    """
    fresh = lock_to_run(instrument, by)
    policy = policy_of(fresh)
    was = copy(policy)
    for name, value in fields.items():
        setattr(policy, name, value)
    check_seen(version, version_of_policy(was), version_of_policy(policy))
    _validated(policy)
    policy.save()
    changed = {name: value for name, value in fields.items() if getattr(was, name) != value}
    record(fresh, "set_policy", by=by, policy=changed, policy_before={name: getattr(was, name) for name in changed})
    return signals.answers_of(signals.policy_changed.send(Policy, instrument=fresh, by=by, before=was))


def _write_hours(instrument: Instrument, week: Iterable[tuple[int, int, int]]) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(instrument=instrument, weekday=day, opens=opens, closes=closes) for day, opens, closes in week
    )


def _remove_units(units: Iterable[Unit]) -> None:
    for unit in units:
        try:
            unit.delete()
        except ProtectedError:
            sentence = _("“%(unit)s” has bookings and cannot be removed. Take it out of service instead.")
            raise Refused(Reason("unit_booked", sentence % {"unit": unit.name})) from None


def _write_units(instrument: Instrument, units: dict[int, Unit], lines: Iterable[UnitLine]) -> None:
    """Save the units as typed; names that change places go by way of a name nobody typed."""
    kept = [(units[line.pk], line) for line in lines if line.pk is not None]
    for unit, _line in kept:
        Unit.objects.filter(pk=unit.pk).update(name=f"#{unit.pk}")
    for unit, line in kept:
        unit.name, unit.is_active = line.name, line.is_active
        unit.save(update_fields=["name", "is_active"])
    Unit.objects.bulk_create(
        Unit(instrument=instrument, name=line.name, is_active=line.is_active) for line in lines if line.pk is None
    )


def _still_listable(instrument: Instrument) -> None:
    """Raises Refused when an instrument that the public sees would lose what being listed needs."""
    if instrument.state not in (InstrumentState.LISTED, InstrumentState.SUSPENDED):
        return
    if gaps := gaps_before_listing(instrument):
        raise Refused(*gaps)


def _validated(row: Any) -> None:
    """Raises Refused with the model's own sentences."""
    try:
        row.full_clean()
    except ValidationError as error:
        fields = error.message_dict.items()
        raise Refused(*(Reason(f"invalid_{field}", text) for field, texts in fields for text in texts)) from error


def free_address(name: str) -> str:
    """Return an address part for `name` that no other instrument has."""
    return free_slug(Instrument.objects.all(), name, "instrument", RESERVED)
