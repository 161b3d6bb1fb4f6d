"""Time zones as people choose them: by city, from the zone tables of the pinned `tzdata` package."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from portal.core.times import clock_text, offset_minutes, offset_text, zone_city

UTC = "UTC"
# Where the table's first city of a country is not the one most people there live by.
MOST_LIVED_BY = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


@dataclass(frozen=True)
class Choice:
    """One line of the picker: IANA name, and `Nairobi (UTC+3, now 14:05)` for people."""

    name: str
    label: str


@cache
def countries_of_zones() -> dict[str, str]:
    """Return zone name -> ISO 3166 country code, in the order of tzdata's `zone.tab`."""
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[2].strip(): row[0] for row in rows}


@cache
def known_zones() -> frozenset[str]:
    """Every IANA name that may be stored, old names that devices still report included."""
    return frozenset(zoneinfo.available_timezones())


@cache
def zone_of_country(code: str) -> str:
    """Return the zone most people in a country live by; UTC for a country without one."""
    return MOST_LIVED_BY.get(code) or next(
        (zone for zone, country in countries_of_zones().items() if country == code), UTC
    )


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA zone."""
    if name not in known_zones():
        raise ValidationError(gettext_lazy("Choose a time zone from the list."), code="time_zone")


def zone_or_utc(name: str) -> zoneinfo.ZoneInfo:
    """Return the zone called `name`; UTC for nonsense, such as a cookie somebody typed."""
    return zoneinfo.ZoneInfo(name if name in known_zones() else UTC)


def label_of(name: str, moment: datetime) -> str:
    """Return `Nairobi (UTC+3, now 14:05)` as of `moment`."""
    zone = zoneinfo.ZoneInfo(name)
    return _("%(city)s (%(offset)s, now %(clock)s)") % {
        "city": zone_city(zone),
        "offset": offset_text(moment, zone),
        "clock": clock_text(moment, zone),
    }


def african_zones() -> list[str]:
    """The zones of African states, islands included."""
    islands = {"CV", "KM", "MG", "MU", "SC"}
    rows = countries_of_zones().items()
    return [zone for zone, country in rows if country in islands or (zone.startswith("Africa/") and country != "ES")]


def find_zones(text: str) -> list[str]:
    """Return the zones whose city, region or country (in the active language) contains `text`."""
    wanted = text.strip().casefold()
    if not wanted:
        return []
    named = {code for code, name in countries if wanted in str(name).casefold()}
    return [
        zone
        for zone, country in countries_of_zones().items()
        if country in named or wanted in zone.replace("_", " ").casefold() or wanted in zone_city(zone).casefold()
    ]


def zone_groups(near: set[str], moment: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every zone once, as a select shows them: those `near` first, then Africa's, then the world's."""
    africa = set(african_zones()) - near
    groups = [
        (_("Where organisations here are"), near),
        (_("Africa"), africa),
        (_("All others"), set(countries_of_zones()) - near - africa),
    ]
    return [
        (heading, [(choice.name, choice.label) for choice in choices_of(names, moment)]) for heading, names in groups
    ]


def choices_of(names: Iterable[str], moment: datetime) -> list[Choice]:
    """Return one choice a zone as of `moment`, from west to east, then by city."""
    rows = [
        (offset_minutes(moment, zoneinfo.ZoneInfo(name)), Choice(name, label_of(name, moment))) for name in set(names)
    ]
    return [choice for _offset, choice in sorted(rows, key=lambda row: (row[0], row[1].label))]
