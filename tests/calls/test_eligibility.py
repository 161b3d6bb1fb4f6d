"""Who may apply: every rule alone, and what holds of all calls and people whatever they are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.eligibility import has_priority, is_missing_fact, may_submit, reasons_against, years_since_phd
from calls.enums import CallState
from calls.models import Call, LateAccess
from portal.accounts.enums import CareerStage, Gender
from portal.accounts.models import User
from tests.factories.calls import CallFactory

CLOSES = datetime(2027, 3, 5, 22, 59, tzinfo=UTC)
COUNTRIES = ["KE", "TZ", "MW", "SN", "FR"]
STAGES = list(CareerStage.values)

people = st.builds(
    User,
    country=st.sampled_from(["", *COUNTRIES]),
    career_stage=st.sampled_from(["", *STAGES]),
    phd_year=st.none() | st.integers(1950, 2026),
    gender=st.sampled_from(["", *Gender.values]),
)
calls = st.builds(
    Call,
    countries=st.lists(st.sampled_from(COUNTRIES), unique=True),
    career_stages=st.lists(st.sampled_from(STAGES), unique=True),
    years_since_phd=st.none() | st.integers(0, 30),
    is_for_women=st.booleans(),
    priority_countries=st.lists(st.sampled_from(COUNTRIES), unique=True),
    priority_stages=st.lists(st.sampled_from(STAGES), unique=True),
    closes_at=st.just(CLOSES),
    time_zone=st.sampled_from(["UTC", "Africa/Nairobi", "Pacific/Auckland"]),
)


def call(**fields: Any) -> Call:
    return Call(**{"closes_at": CLOSES, "time_zone": "UTC"} | fields)


def person(**fields: Any) -> User:
    return User(**{"country": "KE", "career_stage": "doctoral"} | fields)


def codes_of(a_call: Call, a_person: User) -> list[str]:
    return [reason.code for reason in reasons_against(a_call, a_person)]


def test_a_call_that_asks_nothing_takes_anybody() -> None:
    assert reasons_against(call(), User()) == []


@pytest.mark.parametrize(("country", "codes"), [("KE", []), ("FR", ["country"]), ("", ["no_country"])])
def test_country_of_work(country: str, codes: list[str]) -> None:
    assert codes_of(call(countries=["KE", "TZ"]), person(country=country)) == codes


@pytest.mark.parametrize(
    ("stage", "codes"), [("doctoral", []), ("senior", ["career_stage"]), ("", ["no_career_stage"])]
)
def test_career_stage(stage: str, codes: list[str]) -> None:
    assert codes_of(call(career_stages=["student", "doctoral"]), person(career_stage=stage)) == codes


@pytest.mark.parametrize(
    ("stage", "year", "codes"),
    [
        ("postdoctoral", 2022, []),  # five years in 2027
        ("postdoctoral", 2021, ["years_since_phd"]),
        ("postdoctoral", None, ["no_phd_year"]),
        ("doctoral", None, []),  # none yet: earlier than anybody with one
        ("junior", None, []),
        ("", None, ["no_career_stage"]),
        ("", 2022, []),
    ],
)
def test_years_since_the_doctorate(stage: str, year: int | None, codes: list[str]) -> None:
    assert codes_of(call(years_since_phd=5), person(career_stage=stage, phd_year=year)) == codes


def test_the_closing_year_is_that_of_the_call_s_own_clock() -> None:
    new_year = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert years_since_phd(call(closes_at=new_year), 2022) == 4
    assert years_since_phd(call(closes_at=new_year, time_zone="Africa/Nairobi"), 2022) == 5


@pytest.mark.parametrize(("gender", "codes"), [("woman", []), ("man", ["women_only"]), ("", ["no_gender"])])
def test_women_only(gender: str, codes: list[str]) -> None:
    assert codes_of(call(is_for_women=True), person(gender=gender)) == codes


def test_a_share_for_women_keeps_nobody_out() -> None:
    assert codes_of(call(women_share=50), person(gender="man")) == []


@given(calls, people)
def test_every_reason_is_said_once_with_a_sentence(a_call: Call, a_person: User) -> None:
    reasons = reasons_against(a_call, a_person)
    assert len({reason.code for reason in reasons}) == len(reasons)
    assert all(reason.message.endswith(".") for reason in reasons)


@given(calls, people)
def test_a_full_profile_misses_nothing(a_call: Call, a_person: User) -> None:
    full = User(country="KE", career_stage=a_person.career_stage or "student", phd_year=2020, gender="other")
    assert not any(is_missing_fact(reason) for reason in reasons_against(a_call, full))


@given(calls, people)
def test_asking_less_never_keeps_more_people_out(a_call: Call, a_person: User) -> None:
    before = set(codes_of(a_call, a_person))
    a_call.countries = []
    a_call.years_since_phd = None
    assert set(codes_of(a_call, a_person)) <= before


@given(calls, people)
def test_an_earlier_doctorate_never_helps(a_call: Call, a_person: User) -> None:
    if a_person.phd_year is not None and not reasons_against(a_call, a_person):
        later = User(
            country=a_person.country,
            career_stage=a_person.career_stage,
            gender=a_person.gender,
            phd_year=a_person.phd_year + 1,
        )
        assert reasons_against(a_call, later) == []


@given(calls, people)
def test_priority_is_for_those_named_and_for_nobody_else(a_call: Call, a_person: User) -> None:
    country, stage = str(a_person.country), a_person.career_stage
    named = {each.code for each in a_call.priority_countries}
    assert has_priority(a_call, country, stage) == (country in named or stage in a_call.priority_stages)


def test_nobody_takes_priority_where_none_is_named() -> None:
    assert not has_priority(call(), "KE", "doctoral")
    assert not has_priority(call(priority_countries=["MW"]), "", "")


# --- The clock ----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "code"), [(-1, None), (0, "closed"), (1, "closed"), (-15 * 86_400, "not_open_yet")]
)
def test_open_to_the_second(researcher: User, seconds: int, code: str | None) -> None:
    row = CallFactory(opens_at=CLOSES - timedelta(days=10), closes_at=CLOSES)
    reason = may_submit(row, researcher, CLOSES + timedelta(seconds=seconds))
    assert (reason and reason.code) == code


@pytest.mark.django_db
def test_the_opening_second_counts(researcher: User) -> None:
    row = CallFactory(opens_at=CLOSES - timedelta(days=10), closes_at=CLOSES)
    assert may_submit(row, researcher, row.opens_at) is None
    assert may_submit(row, researcher, row.opens_at - timedelta(microseconds=1)) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.WITHDRAWN, CallState.DECIDED, CallState.ARCHIVED])
def test_only_a_published_call_takes_applications(researcher: User, state: CallState) -> None:
    row = CallFactory(state=state)
    LateAccess.objects.create(call=row, address="a@example.org", until=row.closes_at, why="Power cut", user=researcher)
    reason = may_submit(row, researcher, row.opens_at)
    assert reason is not None
    assert reason.code == "not_open"


@pytest.mark.django_db
def test_late_access_holds_for_who_took_it_until_its_last_second(
    researcher: User, stranger_researcher: User, visitor: Any
) -> None:
    row = CallFactory(closed=True)
    until = row.closes_at + timedelta(days=2)
    access = LateAccess.objects.create(call=row, address=researcher.email, until=until, why="Power cut")
    late = row.closes_at + timedelta(days=1)
    assert may_submit(row, researcher, late) is not None, "nobody took it yet"
    access.user = researcher
    access.save()
    assert may_submit(row, researcher, late) is None
    assert may_submit(row, researcher, until - timedelta(seconds=1)) is None
    for user, moment in ((researcher, until), (stranger_researcher, late), (visitor, late)):
        assert may_submit(row, user, moment) is not None
