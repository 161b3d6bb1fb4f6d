"""What bookings need before they can be: a laboratory with instruments, institutes with people, awards."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from calls.enums import AwardState
from calls.models import Award
from instruments.actions.reference import write_techniques
from instruments.enums import InstrumentState
from instruments.models import Instrument, OpeningHours, Policy, Technique, Unit
from portal.accounts.enums import CareerStage, MembershipState, OrganisationKind, OrganisationState, Role
from portal.accounts.models import Membership, Organisation, User

PER_INSTRUMENT = 10_000  # bookings
UNITS = 2  # an instrument
AWARDS = 4  # an instrument
COUNTRIES = {"KE": "Africa/Nairobi", "SN": "Africa/Dakar", "GH": "Africa/Accra", "ZM": "Africa/Lusaka"}
LINK = "https://bulk.example/meet"
NO_PASSWORD = UNUSABLE_PASSWORD_PREFIX + "bulk"


@dataclass(frozen=True)
class Programme:
    """The rows of one run. Units and awards are grouped by instrument, in the order of `instruments`."""

    instruments: list[Instrument]
    units: list[list[Unit]]
    awards: list[list[Award]]


def put_programme(bookings: int, first: datetime, last: datetime) -> Programme:
    """Create rows for so many bookings between two moments; a run's names carry the run's number."""
    write_techniques()
    run = 1 + Organisation.objects.filter(slug__startswith="bulk-laboratory-").count()
    laboratory = _organisation(f"Bulk laboratory {run}", f"bulk-laboratory-{run}", "FR", "Europe/Paris")
    laboratory.save()
    holders = _holders(run, max(5, bookings // 5000))
    instruments = _instruments(run, laboratory, max(4, -(-bookings // PER_INSTRUMENT)))
    awards = _awards(instruments, holders, first.date(), last.date() + timedelta(days=1))
    return Programme(instruments, _parts(instruments), awards)


def _organisation(name: str, slug: str, country: str, zone: str) -> Organisation:
    return Organisation(
        name=name,
        slug=slug,
        kind=OrganisationKind.INSTITUTE,
        country=country,
        time_zone=zone,
        state=OrganisationState.VERIFIED,
    )


def _holders(run: int, count: int) -> list[Membership]:
    """One researcher in each of so many institutes; they cannot sign in."""
    places = [list(COUNTRIES.items())[number % len(COUNTRIES)] for number in range(count)]
    institutes = [
        _organisation(f"Bulk institute {run}.{number}", f"bulk-institute-{run}-{number}", *place)
        for number, place in enumerate(places)
    ]
    people = [
        User(
            email=f"holder{number}.run{run}@bulk.example",
            name=f"Holder {run}.{number}",
            password=NO_PASSWORD,
            country=country,
            career_stage=CareerStage.DOCTORAL,
            time_zone=zone,
        )
        for number, (country, zone) in enumerate(places)
    ]
    Organisation.objects.bulk_create(institutes)
    User.objects.bulk_create(people)
    return Membership.objects.bulk_create(
        Membership(user=user, organisation=institute, role=Role.RESEARCHER, state=MembershipState.CONFIRMED)
        for user, institute in zip(people, institutes, strict=True)
    )


def _instruments(run: int, laboratory: Organisation, count: int) -> list[Instrument]:
    rows = [
        Instrument(
            slug=f"bulk-{run}-{number}",
            name_en=f"Bulk instrument {run}.{number}",
            name_fr=f"Instrument en nombre {run}.{number}",
            summary_en="One of many, for measuring.",
            summary_fr="Un parmi beaucoup, pour mesurer.",
            organisation=laboratory,
            place="Grenoble",
            time_zone=laboratory.time_zone,
            link=LINK,
            state=InstrumentState.LISTED,
        )
        for number in range(count)
    ]
    Instrument.objects.bulk_create(rows)
    techniques = list(Technique.objects.exclude(parent=None))
    through = Instrument.techniques.through
    through.objects.bulk_create(
        through(instrument=row, technique=techniques[number % len(techniques)]) for number, row in enumerate(rows)
    )
    return rows


def _parts(instruments: list[Instrument]) -> list[list[Unit]]:
    """Units, a policy, and hours around the clock."""
    Policy.objects.bulk_create(Policy(instrument=row) for row in instruments)
    OpeningHours.objects.bulk_create(
        OpeningHours(instrument=row, weekday=day, opens=0, closes=1440) for row in instruments for day in range(7)
    )
    units = [[Unit(instrument=row, name=f"Unit {number + 1}") for number in range(UNITS)] for row in instruments]
    Unit.objects.bulk_create(unit for group in units for unit in group)
    return units


def _awards(instruments: list[Instrument], holders: list[Membership], first: date, last: date) -> list[list[Award]]:
    """Active awards, still without hours: what is booked decides how many they were granted."""
    awards = [
        [
            Award(
                title=f"Award {number}.{turn}",
                holder=holder.user,
                organisation=holder.organisation,
                instrument=row,
                granted_minutes=0,
                valid_from=first,
                valid_until=last,
                state=AwardState.ACTIVE,
            )
            for turn, holder in ((turn, holders[(number * AWARDS + turn) % len(holders)]) for turn in range(AWARDS))
        ]
        for number, row in enumerate(instruments)
    ]
    Award.objects.bulk_create(award for group in awards for award in group)
    return awards
