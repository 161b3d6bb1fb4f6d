"""How far apart countries are, and which come first."""

import re
from functools import cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt

from portal.accounts.zones import african_zones, countries_of_zones, zone_of_country

EARTH_KM = 6371
HALF_WAY_KM = 7_500  # where a country is not said
POSITION = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?([+-])(\d{3})(\d\d)(?:\d\d)?")

# The United Nations' list of least developed countries as of December 2024: 44 of them
# (Committee for Development Policy, https://www.un.org/development/desa/dpad/least-developed-country-category.html).
LEAST_DEVELOPED = frozenset(
    [
        "AO", "BJ", "BF", "BI", "CF", "TD", "KM", "CD", "DJ", "ER", "ET", "GM", "GN", "GW", "LS", "LR", "MG",
        "MW", "ML", "MR", "MZ", "NE", "RW", "SN", "SL", "SO", "SS", "SD", "TZ", "TG", "UG", "ZM", "AF", "BD",
        "KH", "LA", "MM", "NP", "TL", "YE", "KI", "SB", "TV", "HT",
    ]
)  # fmt: skip
# Small island developing states that are members of the United Nations
# (https://www.un.org/ohrlls/content/list-sids).
ISLANDS = frozenset(
    [
        "AG", "BS", "BB", "BZ", "CV", "KM", "CU", "DM", "DO", "FJ", "GD", "GW", "GY", "HT", "JM", "KI", "MV",
        "MH", "FM", "MU", "NR", "PW", "PG", "WS", "ST", "SC", "SG", "SB", "KN", "LC", "VC", "SR", "TL", "TO",
        "TT", "TV", "VU",
    ]
)  # fmt: skip
# Africa is a global priority of UNESCO's and small islands are a priority group (Medium-Term Strategy 2022-2029,
# 41 C/4); that least developed countries come before the others is the programme's own choice.
PRIORITY = {"ldc_africa": 1000, "ldc": 800, "africa": 700, "island": 600, "": 300}


def group_of(country: str) -> str:
    """A key of `PRIORITY`, empty for a country that comes after the others."""
    is_african = country in _african()
    if country in LEAST_DEVELOPED:
        return "ldc_africa" if is_african else "ldc"
    if is_african:
        return "africa"
    return "island" if country in ISLANDS else ""


@cache
def _african() -> frozenset[str]:
    countries = countries_of_zones()
    return frozenset(countries[zone] for zone in african_zones())


@cache
def distance_km(one: str, other: str) -> int:
    """Kilometres along a great circle between the cities most people of two countries live by; 0 within a country.

    Half-way around for a country that is not said or has no city. Positions from tzdata's `zone.tab` (ISO 6709).
    """
    if one == other:
        return 0 if one else HALF_WAY_KM
    places = [_position(one), _position(other)]
    if None in places:
        return HALF_WAY_KM
    (lat, lon), (other_lat, other_lon) = (place for place in places if place)
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(half)))


def _position(country: str) -> tuple[float, float] | None:
    """Latitude and longitude in radians."""
    return _positions().get(zone_of_country(country)) if country else None


@cache
def _positions() -> dict[str, tuple[float, float]]:
    """Zone name -> where its city is."""
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[2].strip(): _read(row[1]) for row in rows}


def _read(text: str) -> tuple[float, float]:
    """`+4852+00220`, degrees and minutes."""
    found = POSITION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    north, degrees, minutes, east, more_degrees, more_minutes = found.groups()
    latitude = radians(int(degrees) + int(minutes) / 60) * (1 if north == "+" else -1)
    longitude = radians(int(more_degrees) + int(more_minutes) / 60) * (1 if east == "+" else -1)
    return latitude, longitude
