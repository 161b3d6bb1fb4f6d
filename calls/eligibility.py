"""Who may apply to a call, who takes priority in it and until when: the rules as data, answered in sentences.

Eligibility goes by the profile. A fact that the profile does not hold is a reason of its own, whose code begins with
`no_` and whose sentence says what to fill in; only what the call asks about is asked of the person.

A limit of years since the doctorate is there for early careers: it counts calendar years, from the year of the
doctorate to the year in which the call closes on its own clock. Whoever has no doctorate is earlier still and passes.
An empty year means that, except of a postdoctoral researcher, who has one by definition and is asked for the year,
and of somebody whose career stage is unknown, of whom nothing can be said.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.enums import CallState
from portal.accounts.enums import CareerStage, Gender
from portal.core.dates import date_format
from portal.core.errors import Reason
from portal.core.times import zone_words

if TYPE_CHECKING:
    from calls.models import Call


def reasons_against(call: "Call", person: Any) -> list[Reason]:
    """Why `person` (country, career_stage, phd_year, gender) may not apply to `call`; empty when they may. Pure."""
    answers = [
        _against_country(call, str(person.country)),
        _against_stage(call, person.career_stage),
        _against_years(call, person),
        _against_gender(call, person.gender),
    ]
    unique = {reason.code: reason for reason in answers if reason is not None}  # a missing stage is asked for once
    return list(unique.values())


def is_missing_fact(reason: Reason) -> bool:
    """Whether filling in the profile may do away with this reason."""
    return reason.code.startswith("no_")


def has_priority(call: "Call", country: str, career_stage: str) -> bool:
    """Whether the call's priority rule speaks of a person: by country of work or by career stage, one is enough."""
    return country in codes(call.priority_countries) or career_stage in call.priority_stages


def may_submit(call: "Call", user: Any, moment: datetime) -> Reason | None:
    """Why `user` cannot hand in to `call` at `moment`, or None: it is open at that moment, or they took a late access.

    Opening counts, closing does not: at 23:59:59 of a call that closes at midnight it is open, at midnight it is not.
    Of eligibility `reasons_against` speaks. Asks the database only when the call is closed.
    """
    if call.state != CallState.PUBLISHED:
        return Reason("not_open", _("This call takes no applications."))
    if moment < call.opens_at:
        values = {"when": _on_its_clock(call.opens_at, call)}
        return Reason("not_open_yet", _("This call opens on %(when)s.") % values)
    if moment < call.closes_at or has_late_access(call, user, moment):
        return None
    return Reason("closed", _("This call closed on %(when)s.") % {"when": _on_its_clock(call.closes_at, call)})


def has_late_access(call: "Call", user: Any, moment: datetime) -> bool:
    """Whether `user` took a late access to `call` that is not over at `moment`."""
    return bool(user.is_authenticated) and call.late_accesses.filter(user=user, until__gt=moment).exists()


def hand_in_by(call: "Call", user: Any, moment: datetime) -> datetime:
    """Until when `user` may hand in to `call`: its closing, or once that is past the end of a late access of theirs."""
    if moment < call.closes_at:
        return call.closes_at
    late = call.late_accesses.filter(user=user, until__gt=moment).order_by("-until").values_list("until", flat=True)
    return late.first() or call.closes_at


def years_since_phd(call: "Call", phd_year: int | None) -> int | None:
    """Calendar years from the doctorate to the closing of `call` on its own clock; None without one."""
    return None if phd_year is None else max(0, call.closes_at.astimezone(call.zone).year - phd_year)


def codes(countries: Any) -> list[str]:
    """ISO 3166 codes of a field of several countries."""
    return [country.code for country in countries]


def _against_country(call: "Call", country: str) -> Reason | None:
    if not call.countries:
        return None
    if not country:
        return Reason("no_country", _("Say in your profile in which country you work: this call asks for it."))
    if country in codes(call.countries):
        return None
    return Reason("country", _("It is for people who work in other countries than yours."))


def _against_stage(call: "Call", stage: str) -> Reason | None:
    if not call.career_stages:
        return None
    if not stage:
        return _no_stage()
    if stage in call.career_stages:
        return None
    names = ", ".join(str(CareerStage(each).label) for each in call.career_stages)
    return Reason("career_stage", _("It is for other career stages than yours: %(stages)s.") % {"stages": names})


def _against_years(call: "Call", person: Any) -> Reason | None:
    if call.years_since_phd is None:
        return None
    years = years_since_phd(call, person.phd_year)
    if years is not None:
        return None if years <= call.years_since_phd else _too_many_years(call.years_since_phd, years)
    if not person.career_stage:
        return _no_stage()
    if person.career_stage == CareerStage.POSTDOCTORAL:
        return Reason("no_phd_year", _("Say in your profile in which year you got your doctorate."))
    return None


def _against_gender(call: "Call", gender: str) -> Reason | None:
    if not call.is_for_women or gender == Gender.WOMAN:
        return None
    if not gender:
        return Reason("no_gender", _("It is for women. If you are one, say so in your profile; only staff see it."))
    return Reason("women_only", _("It is for women."))


def _no_stage() -> Reason:
    return Reason("no_career_stage", _("Say in your profile at which career stage you are: this call asks for it."))


def _too_many_years(most: int, years: int) -> Reason:
    sentence = ngettext(
        "It is for people whose doctorate is at most %(most)d year old when it closes; yours is then %(years)d.",
        "It is for people whose doctorate is at most %(most)d years old when it closes; yours is then %(years)d.",
        most,
    )
    return Reason("years_since_phd", sentence % {"most": most, "years": years})


def _on_its_clock(moment: datetime, call: "Call") -> str:
    """`28 February 2027, 23:59 (Paris time)`."""
    return f"{date_format(moment.astimezone(call.zone), 'DATETIME_FORMAT')} ({zone_words(call.zone)})"
