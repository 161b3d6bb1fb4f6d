"""Open needs and vetted offers by the thousand, over categories, countries, mains and sizes: some fit, some do not."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from donations.enums import Answer, Condition, Customs, NeedState, OfferState, Payer, Purpose
from donations.features import Feature, features_of
from donations.models import Need, Offer, OfferFeature, Requirement
from instruments.actions.reference import write_categories
from instruments.models import EquipmentCategory
from portal.accounts.enums import OrganisationKind, OrganisationState
from portal.accounts.models import Organisation, User
from portal.accounts.zones import zone_of_country
from portal.samples.actions.bulk.copying import run as execute
from portal.samples.actions.bulk.programme import NO_PASSWORD

WANTING = ("TG", "BJ", "GH", "SN", "KE", "ET", "UG", "TZ", "ZM", "MW", "MZ", "NA", "ZA", "NG", "CM", "NP", "FJ", "BO")
GIVING = ("FR", "DE", "NL", "CH", "GB", "US", "IT", "JP")
MAINS = {"US": (110, 120, 60), "JP": (100, 100, 50)}
EACH = 10  # needs an organisation
SIZES = ((30, 25, 20), (60, 45, 35), (90, 70, 60), (120, 80, 160))
MOST_PIECES = 5
CHUNK = 1000  # rows a statement


@transaction.atomic
def add_needs(count: int) -> None:
    """Add so many verified needs, ten of an organisation, most with a must and a wish."""
    run, categories = _run("wants"), _categories()
    people = _organisations(run, -(-count // EACH))
    now = timezone.now()
    rows = [
        Need(
            organisation=people[number // EACH][0],
            asked_by=people[number // EACH][1],
            **_what(number, categories, now, "Wanted"),
            state=NeedState.OPEN,
            why="Every student runs their own sample.",
            purpose=list(Purpose)[number % 3],
            people=20 + number * 7 % 400,
            women=(20 + number * 7 % 400) * (number % 6) // 10,
            voltage=230,
            frequency=50,
            plugs=["G"] if number % 2 else ["C", "E"],
            has_transformer=number % 9 == 0,
            room_words="Teaching laboratory" if number % 4 else "",
            door_width_cm=None if number % 5 else 80,
            door_height_cm=None if number % 5 else 200,
            most_kg=None if number % 7 else 60,
            accepts_used=number % 11 > 0,
            accepts_loan=number % 3 > 0,
            run_by="Two technicians",
            maintained_by="The workshop" if number % 3 else "",
            budget_eur=None if number % 4 == 0 else 300 + number * 13 % 2000,
            customs=list(Customs)[number % 4],
            expires_on=now.date() + timedelta(days=365),
        )
        for number in range(count)
    ]
    Need.objects.bulk_create(rows, batch_size=CHUNK)
    Requirement.objects.bulk_create(
        (
            Requirement(
                need=row, feature=feature.key, least=_value(number) if feature.is_number else None, is_must=must
            )
            for number, row in enumerate(rows)
            for must, feature in _asked(number, row)
        ),
        batch_size=CHUNK,
    )
    _analyze()


@transaction.atomic
def add_offers(count: int) -> None:
    """Add so many vetted offers, each of a person's own, with every feature of its category stated."""
    run, categories = _run("gives"), _categories()
    donors = _donors(run, -(-count // EACH))
    now = timezone.now()
    rows = []
    for number in range(count):
        donor = donors[number // EACH]
        low, high, hertz = MAINS.get(str(donor.country), (220, 240, 50))
        length, width, height = SIZES[number % len(SIZES)]
        rows.append(
            Offer(
                donor=donor,
                **_what(number, categories, now, "Given"),
                state=OfferState.VETTED,
                maker="Rotanova",
                model=f"BC {number % 40}",
                year=now.year - number * 3 % 25,
                condition=list(Condition)[number % 4],
                tested_on=now.date() - timedelta(days=30),
                test_method="Full load, two hours",
                decontaminated=Answer.YES,
                data_wiped=Answer.NOT_NEEDED,
                voltage_low=low,
                voltage_high=high,
                frequencies=[hertz] if number % 3 else [50, 60],
                plug="E",
                weight_kg=1 + number * 11 % 90,
                length_cm=length,
                width_cm=width,
                height_cm=height,
                gives_training=number % 6 == 0,
                value_eur=500 + number * 37 % 9000,
                running_eur=20 + number * 17 % 400,
                country=donor.country,
                giving="loan" if number % 10 == 0 else "gift",
                loan_months=24 if number % 10 == 0 else None,
                freight=list(Payer)[number % len(Payer)],
                countries=[] if number % 8 else ["TG", "BJ", "KE", "ET"],
                available_until=now.date() + timedelta(days=200),
                is_owner=True,
                expires_on=now.date() + timedelta(days=365),
            )
        )
    Offer.objects.bulk_create(rows, batch_size=CHUNK)
    OfferFeature.objects.bulk_create(
        (
            OfferFeature(
                offer=row, feature=feature.key, value=3 * _value(number + place) if feature.is_number else None
            )
            for number, row in enumerate(rows)
            for place, feature in enumerate(_stated(number, row))
        ),
        batch_size=CHUNK,
    )
    _analyze()


def _what(number: int, categories: list[EquipmentCategory], now: Any, word: str) -> dict[str, Any]:
    """What needs and offers have in common; the first categories are asked for more often than the last."""
    turn = number * 7919 % 1000 / 1000
    category = categories[int(len(categories) * turn**1.5)]
    return {
        "category": category,
        "title": f"{word}: {category.name} {number}",
        "quantity": 1 + number * number % MOST_PIECES if number % 3 == 0 else 1,
        "submitted_at": now - timedelta(days=number * 5 % 400 + 10),
        "public_at": now - timedelta(days=number * 5 % 400),
    }


def _asked(number: int, row: Need) -> Iterator[tuple[bool, Feature]]:
    """A must for three of four, a wish for every second."""
    known = features_of(row.category.slug) if row.category else []
    if known and number % 4:
        yield True, known[number % len(known)]
    if len(known) > 1 and number % 2:
        yield False, known[(number + 1) % len(known)]


def _stated(number: int, row: Offer) -> list[Feature]:
    """All features; of every fifth offer all but the first."""
    known = features_of(row.category.slug) if row.category else []
    return known[number % 5 == 0 :]


def _value(number: int) -> int:
    return 1 + number * 29 % 100


def _categories() -> list[EquipmentCategory]:
    write_categories()
    return list(EquipmentCategory.objects.order_by("position", "slug"))


def _run(what: str) -> int:
    """The number of this run: names of people and places carry it, so that each run adds."""
    return 1 + User.objects.filter(email__startswith=f"{what}0.run").count()


def _organisations(run: int, count: int) -> list[tuple[Organisation, User]]:
    """Verified organisations, and of each somebody who asks."""
    countries = [WANTING[number % len(WANTING)] for number in range(count)]
    places = [
        Organisation(
            name=f"Bulk university {run}.{number}",
            slug=f"bulk-wants-{run}-{number}",
            kind=OrganisationKind.UNIVERSITY,
            country=country,
            time_zone=zone_of_country(country),
            state=OrganisationState.VERIFIED,
        )
        for number, country in enumerate(countries)
    ]
    Organisation.objects.bulk_create(places, batch_size=CHUNK)
    return list(zip(places, _users("wants", run, countries), strict=True))


def _donors(run: int, count: int) -> list[User]:
    return _users("gives", run, [GIVING[number % len(GIVING)] for number in range(count)])


def _users(what: str, run: int, countries: list[str]) -> list[User]:
    """People who cannot sign in."""
    return User.objects.bulk_create(
        (
            User(
                email=f"{what}{number}.run{run}@bulk.example",
                name=f"Bulk person {run}.{number}",
                password=NO_PASSWORD,
                country=country,
                time_zone=zone_of_country(country),
            )
            for number, country in enumerate(countries)
        ),
        batch_size=CHUNK,
    )


def _analyze() -> None:
    execute(["ANALYZE donations_need, donations_requirement, donations_offer, donations_offerfeature"])
