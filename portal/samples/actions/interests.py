"""Forty readers who declared what they wish to hear of, and the donor account's own wish."""

from itertools import product
from typing import Any

from calls.enums import Combine, InterestState, Standing
from calls.models import Interest
from instruments.models import EquipmentCategory
from portal.accounts.zones import zone_of_country
from portal.notifications.enums import Frequency
from portal.samples.reading import read
from portal.samples.stage import Stage, backdate

READERS = 40
CONSENT = "I agree to be written to about what I named here, until I end it. (Sample data)"
STANDINGS = (Standing.BENEFICIARY,) * 8 + (Standing.CONTRIBUTOR, Standing.DONOR)

OFFERS = {
    Standing.CONTRIBUTOR: {
        "institution": "Institute of Materials Science",
        "offering": "A powder diffractometer, two afternoons a week, with a technician.",
    },
    Standing.DONOR: {"offering": "Three balances and a pH meter from a closed practical, tested last month."},
}


def put_interests(stage: Stage) -> None:
    content = read("interests")
    rows = [_reader(stage, number, content) for number in range(READERS)]
    rows.append(_of_donor(stage))
    Interest.objects.bulk_create(rows)
    _put_techniques(stage, rows[:READERS], content["techniques"])
    _put_categories(rows, content["categories"])
    for row in rows:
        moment = row.confirmed_at or stage.now
        backdate(row, moment)
        stage.note(row, "declare", moment, by=row.user, after=InterestState.UNCONFIRMED)
        stage.note(row, "confirm", moment, by=row.user, before=InterestState.UNCONFIRMED, after=InterestState.ACTIVE)


def _reader(stage: Stage, number: int, content: dict[str, Any]) -> Interest:
    names, countries, frequencies = content["names"], content["countries"], content["frequencies"]
    host, name = list(product(("mail.example", "post.example"), names))[number]
    country = countries[number * 7 % len(countries)]
    return Interest(
        address=f"{name}@{host}",
        standing=STANDINGS[number % len(STANDINGS)],
        country=country,
        language="fr" if country in content["french"] else "en",
        time_zone=zone_of_country(country),
        frequency=frequencies[number % len(frequencies)],
        kinds=["remote_access"] if number % 4 == 0 else [],
        combine=Combine.ANY if number % 5 == 0 else Combine.ALL,
        **OFFERS.get(STANDINGS[number % len(STANDINGS)], {}),
        **_given(stage, 5 + number * 8),
    )


def _of_donor(stage: Stage) -> Interest:
    donor = stage.people["donor"]
    return Interest(
        address=donor.email,
        user=donor,
        standing=Standing.DONOR,
        language=donor.language,
        time_zone=donor.time_zone,
        frequency=Frequency.WEEKLY,
        offering="Two UV-Vis spectrometers and a centrifuge, all tested, looking for a teaching laboratory.",
        **_given(stage, 30),
    )


def _given(stage: Stage, days: int) -> dict[str, Any]:
    """What every one of them has: a consent, confirmed so many days ago."""
    return {
        "consent": CONSENT,
        "consent_version": "sample",
        "state": InterestState.ACTIVE,
        "confirmed_at": stage.ago(days),
    }


def _put_techniques(stage: Stage, rows: list[Interest], sets: list[list[str]]) -> None:
    through = Interest.techniques.through
    through.objects.bulk_create(
        through(interest=row, technique=stage.techniques[slug])
        for number, row in enumerate(rows)
        for slug in sets[number % len(sets)]
    )


def _put_categories(rows: list[Interest], slugs: list[str]) -> None:
    """Each donor names two categories of equipment, one after the other."""
    known = {category.slug: category for category in EquipmentCategory.objects.filter(slug__in=slugs)}
    through: Any = Interest.categories.through
    donors = [row for row in rows if row.standing == Standing.DONOR]
    through.objects.bulk_create(
        through(interest=row, equipmentcategory=known[slugs[(number + step) % len(slugs)]])
        for number, row in enumerate(donors)
        for step in range(2)
    )
