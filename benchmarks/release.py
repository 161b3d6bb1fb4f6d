"""How long it takes to rank, show and release a call with 2,000 applications and 6,000 reviews.

`run()` needs Django set up on a database that may be written to; it undoes everything it wrote.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.common import counted, figure
from calls.actions import outcome
from calls.enums import ApplicationState, CallState, ReviewState
from calls.models import Application, Award, Call, Criterion, Review, Score
from instruments.enums import InstrumentState
from instruments.models import Instrument
from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.accounts.models import Membership, Organisation, User
from portal.notifications.models import Notification

APPLICATIONS, REVIEWS_EACH, AWARDS, REVIEWERS = 2_000, 3, 400, 60
MOST_SECONDS, MOST_STATEMENTS, MOST_PAGE_STATEMENTS, MOST_PAGE_KB = 10, 45, 12, 150


def run() -> list[dict[str, Any]]:
    """Measure; return one line a figure."""
    with transaction.atomic():
        call, staff = _prepare()
        lines = [
            *_measured("rank by score", lambda: outcome.rank_by_score(call, by=staff)),
            *_measured("award from the top", lambda: outcome.award_from_the_top(call, by=staff)),
            *_measured("decline the rest", lambda: outcome.decline_the_rest(call, by=staff)),
            *_page(call, staff),
            *_measured("release, mails written", lambda: outcome.release(call, by=staff)),
        ]
        told = Notification.objects.filter(kind__startswith="calls.outcome_").count()
        awards = Award.objects.filter(call=call).count()
        transaction.set_rollback(True)
    ok = told == APPLICATIONS and awards == AWARDS
    return [*lines, figure(f"release: mails, with {awards} awards", told, "messages", f"{APPLICATIONS}", ok=ok)]


def _measured(name: str, deed: Callable[[], object]) -> list[dict[str, Any]]:
    with counted() as statements:
        started = time.perf_counter()
        deed()
        taken = time.perf_counter() - started
    number = len(statements)
    return [
        figure(f"{name}, {APPLICATIONS:,} applications", taken, "s", f"below {MOST_SECONDS}", ok=taken < MOST_SECONDS),
        figure(f"{name}: statements", number, "statements", f"at most {MOST_STATEMENTS}", ok=number <= MOST_STATEMENTS),
    ]


def _page(call: Call, staff: User) -> list[dict[str, Any]]:
    """The page of outcomes as staff read it, uncompressed."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(staff)
    address = reverse("desk_calls:call_outcomes", args=[call.slug])
    client.get(address)
    with counted() as statements:
        started = time.perf_counter()
        response = client.get(address)
        taken = time.perf_counter() - started
    size, number = len(response.content) / 1000, len(statements)
    is_fine = response.status_code == 200
    return [
        figure("page of outcomes", taken, "s", "below 2", ok=is_fine and taken < 2),
        figure(
            "page of outcomes: statements", number, "statements", f"at most {MOST_PAGE_STATEMENTS}",
            ok=number <= MOST_PAGE_STATEMENTS,
        ),
        figure("page of outcomes: weight", size, "kB", f"at most {MOST_PAGE_KB}", ok=size <= MOST_PAGE_KB),
    ]  # fmt: skip


def _prepare() -> tuple[Call, User]:
    """A closed call whose hours suffice for AWARDS of its applications, each reviewed by REVIEWS_EACH."""
    now = timezone.now()
    staff = User.objects.create(email="bench-staff@example.org", name="Staff", is_staff=True)
    institute = Organisation.objects.create(
        name="Bench", slug="bench", country="KE", time_zone="Africa/Nairobi", state=OrganisationState.VERIFIED
    )
    laboratory = Organisation.objects.create(
        name="Lab", slug="bench-lab", country="FR", time_zone="Europe/Paris", state=OrganisationState.VERIFIED
    )
    instrument = Instrument.objects.create(
        name="Bench", slug="bench", organisation=laboratory, time_zone="Europe/Paris", state=InstrumentState.LISTED
    )
    call = Call.objects.create(
        slug="bench-release", title="Bench", opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=1),
        state=CallState.PUBLISHED, published_at=now, minutes_offered=AWARDS * 600,
    )  # fmt: skip
    criteria = [Criterion.objects.create(call=call, name=f"Merit {n}", weight=25) for n in range(4)]
    people = _people("applicant", APPLICATIONS)
    Membership.objects.bulk_create(
        Membership(user=person, organisation=institute, role=Role.RESEARCHER, state=MembershipState.CONFIRMED)
        for person in people
    )
    applications = Application.objects.bulk_create(
        Application(
            call=call, applicant=person, organisation=institute, instrument=instrument, title=f"Project {number}",
            minutes_requested=600, state=ApplicationState.REVIEW, submitted_at=now, receipt=f"BENCH-{number:06}",
            country="KE", career_stage="doctoral",
        )
        for number, person in enumerate(people)
    )  # fmt: skip
    _review(applications, criteria)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return call, staff


def _review(applications: list[Application], criteria: list[Criterion]) -> None:
    reviewers = _people("reviewer", REVIEWERS)
    now = timezone.now()
    reviews = Review.objects.bulk_create(
        Review(
            application=application,
            reviewer=reviewers[(number * REVIEWS_EACH + turn) % REVIEWERS],
            state=ReviewState.SUBMITTED,
            submitted_at=now,
        )
        for number, application in enumerate(applications)
        for turn in range(REVIEWS_EACH)
    )
    Score.objects.bulk_create(
        (
            Score(review=review, criterion=criterion, points=1 + (number + turn) % 5)
            for number, review in enumerate(reviews)
            for turn, criterion in enumerate(criteria)
        ),
        batch_size=5_000,
    )


def _people(name: str, number: int) -> list[User]:
    return User.objects.bulk_create(
        User(email=f"bench-{name}-{n}@example.org", name=f"{name} {n}", country="KE") for n in range(number)
    )
