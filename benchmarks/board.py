"""The board of a call with 2,000 applications and 6,000 reviews: a fixed number of statements, light pages, quick.

`run()` needs Django set up on a database that may be written to; it undoes everything it wrote.
"""

import time
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.common import counted, figure
from calls.actions.judging import panel
from calls.enums import CallState
from calls.models import Application, Call, Criterion, PanelMember, Review, Score
from instruments.models import Instrument
from portal.accounts.models import Organisation, User

APPLICATIONS, PANEL, REVIEWS_EACH, ORGANISATIONS = 2_000, 30, 3, 60
HEAVIEST = 150_000  # bytes, before compression

PEOPLE = """
INSERT INTO accounts_user (password, is_superuser, email, name, country, career_stage, gender, orcid, language,
    time_zone, is_active, is_staff, joined_at)
SELECT '', false, 'board' || n || '@example.org', 'Applicant ' || n, 'KE', 'doctoral',
    CASE WHEN n %% 2 = 0 THEN 'woman' ELSE 'man' END, '', 'en', 'Africa/Nairobi', true, false, %s
FROM generate_series(1, %s) AS n
"""
MEMBERS = """
INSERT INTO accounts_membership (user_id, organisation_id, role, state, created_at, updated_at)
SELECT id, (%s::bigint[])[1 + id %% %s], 'researcher', 'confirmed', %s, %s
FROM accounts_user WHERE email LIKE 'board%%@example.org'
"""


def run() -> list[dict[str, Any]]:
    """Measure; return one line a figure."""
    with transaction.atomic():
        staff = User.objects.create_user("bench-staff@example.org", name="Sam", is_staff=True)
        call = _plant()
        spread = _spread(call, staff)
        client = Client()
        client.force_login(staff)
        board = _board(client, call)
        transaction.set_rollback(True)
    return [*spread, *board]


def _spread(call: Call, staff: User) -> list[dict[str, Any]]:
    started = time.perf_counter()
    with counted() as statements:
        given = panel.spread(call, by=staff)
    taken = time.perf_counter() - started
    loads = [PanelMember.objects.get(pk=pk).user.reviews.count() for pk in call.panel.values_list("pk", flat=True)]
    uneven = max(loads) - min(loads)
    _hand_in(call)
    return [
        figure("reviews spread", given, "reviews", "6,000", ok=given == APPLICATIONS * REVIEWS_EACH),
        figure("difference between reviewers", uneven, "reviews", "at most 1", ok=uneven <= 1),
        figure("statements to spread them", len(statements), "statements", "at most 70", ok=len(statements) <= 70),
        figure("time to spread them", taken, "s", "below 15", ok=taken < 15),
    ]


def _board(client: Client, call: Call) -> list[dict[str, Any]]:
    lines = []
    for name, query in (("first page", ""), ("last page", "?page=40"), ("best first", "?order=score")):
        address = reverse("desk_calls:board", args=[call.slug]) + query
        client.get(address)
        started = time.perf_counter()
        with counted() as statements:
            response = client.get(address)
        taken, size = (time.perf_counter() - started) * 1000, len(response.content)
        lines += [
            figure(f"board, {name}: statements", len(statements), "statements", "9", ok=len(statements) <= 9),
            figure(f"board, {name}: weight", size / 1000, "kB", "below 150", ok=size < HEAVIEST),
            figure(f"board, {name}: time", taken, "ms"),
        ]
    started = time.perf_counter()
    export = client.get(reverse("desk_calls:board_export", args=[call.slug]))
    rows = b"".join(export.streaming_content).count(b"\n") - 1
    lines.append(
        figure("export of all", time.perf_counter() - started, "s", f"{APPLICATIONS:,} rows", ok=rows == APPLICATIONS)
    )
    return lines


def _plant() -> Call:
    """A closed call with its applications in review, criteria and a panel; every person works somewhere."""
    now = timezone.now()
    places = Organisation.objects.bulk_create(
        Organisation(name=f"Bench {n}", slug=f"bench-{n}", kind="university", country="KE", time_zone="UTC")
        for n in range(ORGANISATIONS)
    )
    instrument = Instrument.objects.create(name="Bench", slug="bench-board", organisation=places[0])
    call = Call.objects.create(
        slug="bench-board", title="Bench", opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=5),
        state=CallState.PUBLISHED, published_at=now, reviews_wanted=REVIEWS_EACH,
    )  # fmt: skip
    Criterion.objects.bulk_create(
        Criterion(call=call, name=name, weight=25) for name in ("Merit", "Plan", "Team", "Use")
    )
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [now, APPLICATIONS + PANEL])
        cursor.execute(MEMBERS, [[place.pk for place in places], ORGANISATIONS, now, now])
    people = list(User.objects.filter(email__startswith="board").order_by("pk"))
    PanelMember.objects.bulk_create(PanelMember(call=call, user=person) for person in people[APPLICATIONS:])
    Application.objects.bulk_create(
        Application(
            call=call, applicant=person, organisation=places[person.pk % ORGANISATIONS], instrument=instrument,
            title=f"Copper complexes from Lake Magadi {person.pk}", question="Which?", minutes_requested=600,
            state="review", submitted_at=now, receipt=f"2026-B{person.pk:06}", country="KE",
        )
        for person in people[:APPLICATIONS]
    )  # fmt: skip
    return call


def _hand_in(call: Call) -> None:
    """Every review handed in, with its points."""
    reviews = Review.objects.filter(application__call=call)
    reviews.update(state="submitted", submitted_at=timezone.now())
    criteria = list(call.criteria.all())
    Score.objects.bulk_create(
        (
            Score(review_id=pk, criterion=criterion, points=1 + (pk + number) % 5)
            for pk in reviews.values_list("pk", flat=True)
            for number, criterion in enumerate(criteria)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
