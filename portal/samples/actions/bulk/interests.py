"""Interests by the hundred thousand, over countries, techniques, languages and kinds."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from calls.models import Interest
from instruments.actions.reference import write_techniques
from portal.accounts.zones import zone_of_country
from portal.samples.actions.bulk.copying import copy_rows, run
from portal.samples.reading import read

COLUMNS = (
    "token", "address", "standing", "kinds", "combine", "country", "countries", "institution", "offering", "note",
    "language", "time_zone", "frequency", "consent", "consent_version", "state", "confirmed_at", "ended_why",
    "created_at", "updated_at",
)  # fmt: skip
STANDINGS = ("beneficiary",) * 8 + ("contributor", "donor")
# One of three hears of anything, two of three name a technique, every tenth a second one.
FOLLOW = (
    """INSERT INTO calls_interest_techniques (interest_id, technique_id)
    SELECT interest.id, all_of.ids[1 + interest.id %% cardinality(all_of.ids)]
    FROM calls_interest interest, (SELECT array_agg(id ORDER BY id) AS ids FROM instruments_technique) all_of
    WHERE interest.id > %(newest)s AND interest.id %% 3 > 0""",
    """INSERT INTO calls_interest_techniques (interest_id, technique_id)
    SELECT interest.id, all_of.ids[1 + (interest.id + 5) %% cardinality(all_of.ids)]
    FROM calls_interest interest, (SELECT array_agg(id ORDER BY id) AS ids FROM instruments_technique) all_of
    WHERE interest.id > %(newest)s AND interest.id %% 3 > 0 AND interest.id %% 10 = 0
    ON CONFLICT DO NOTHING""",
    "ANALYZE calls_interest, calls_interest_techniques",
)


@transaction.atomic
def add_interests(count: int) -> None:
    """Add so many confirmed interests, each of an address of its own."""
    write_techniques()
    newest = Interest.objects.aggregate(newest=Max("pk"))["newest"] or 0
    copy_rows("calls_interest", COLUMNS, _rows(newest + 1, count))
    run(FOLLOW, newest=newest)


def _rows(first: int, count: int) -> Iterator[tuple[object, ...]]:
    content = read("interests")
    countries, frequencies, french = content["countries"], content["frequencies"], set(content["french"])
    zones = {country: zone_of_country(country) for country in countries}
    confirmed = (timezone.now() - timedelta(days=30)).isoformat()
    for number in range(first, first + count):
        country = countries[number % len(countries)]
        yield (
            _token(number), f"reader{number}@bulk.example", STANDINGS[number % len(STANDINGS)],
            "{remote_access}" if number % 4 == 0 else "{}", "any" if number % 7 == 0 else "all", country, "{}", "", "",
            "", "fr" if country in french else "en", zones[country], frequencies[number % len(frequencies)],
            "I agree. (Bulk data)", "bulk", "active", confirmed, "", confirmed, confirmed,
        )  # fmt: skip


def _token(number: int) -> str:
    """43 letters that follow from the number and this installation's secret: repeatable here, unknown elsewhere."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"bulk interest {number}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")
