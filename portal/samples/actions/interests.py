"""Forty readers who declared what they wish to hear of, and the donor account's own wish."""

from itertools import product
from typing import Any

from calls.enums import InterestState, Standing
from calls.models import Interest
from portal.accounts.zones import zone_of_country
from portal.samples.reading import read
from portal.samples.stage import Stage, backdate

READERS = 40
CONSENT = "I agree to be written to about what I named here, until I end it. (Sample data)"
STANDINGS = (Standing.BENEFICIARY,) * 8 + (Standing.CONTRIBUTOR, Standing.DONOR)


def put_interests(stage: Stage) -> None:
    content = read("interests")
    rows = [_reader(stage, number, content) for number in range(READERS)]
    rows.append(_of_donor(stage))
    Interest.objects.bulk_create(rows)
    _put_techniques(stage, rows[:READERS], content["techniques"])
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
        note="Two UV-Vis spectrometers and a centrifuge, all tested, looking for a teaching laboratory.",
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
