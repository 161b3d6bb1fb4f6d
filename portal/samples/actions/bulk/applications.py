"""A closed call with thousands of applications, and three reviews of each: what the board of a call is measured on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from calls.enums import ApplicationState, CallState, CheckKind
from calls.models import Application, Call, Criterion, PanelMember
from portal.accounts.enums import CareerStage
from portal.accounts.models import User
from portal.samples.actions.bulk.copying import copy_rows, run
from portal.samples.actions.bulk.programme import COUNTRIES, NO_PASSWORD, Programme, put_programme

REVIEWERS = 40
REVIEWS = 3  # an application
WEIGHTS = {"Question": 50, "Feasible plan": 30, "What remains": 20}
# Nine of ten are in review, one is prepared.
STATES = (ApplicationState.PREPARED, *(ApplicationState.REVIEW,) * 9)
JUDGED = [ApplicationState.REVIEW.value, ApplicationState.PREPARED.value]
COLUMNS = (
    "ref", "receipt", "call_id", "applicant_id", "organisation_id", "instrument_id", "title", "question",
    "why_instrument", "minutes_requested", "team_words", "plan", "has_samples", "safety_words", "language", "steps",
    "state", "submitted_at", "country", "career_stage", "return_note", "decision", "decision_note", "created_at",
    "updated_at",
)  # fmt: skip

# Reviewer number n gets every application whose place, turned by its review, falls on n: an even spread. Two of three
# reviews are handed in. What is checked was checked by nobody in particular.
FOLLOW = (
    """INSERT INTO calls_review
        (ref, application_id, reviewer_id, state, to_applicant, to_panel, conflict_why, submitted_at, created_at,
        updated_at)
    SELECT 'W' || upper(lpad(to_hex(application.id), 8, '0')) || turn, application.id,
        (%(reviewers)s)[1 + (application.id * 7 + turn * 13) %% cardinality(%(reviewers)s)],
        CASE WHEN turn < %(done)s THEN 'submitted' ELSE 'assigned' END, 'Clear.', 'Worth it.', '',
        CASE WHEN turn < %(done)s THEN application.updated_at END, application.updated_at, application.updated_at
    FROM calls_application application, generate_series(0, %(reviews)s - 1) turn
    WHERE application.call_id = %(call)s AND application.state = ANY(%(judged)s)""",
    """INSERT INTO calls_score (review_id, criterion_id, points)
    SELECT review.id, criterion.id, 1 + (review.id * 31 + criterion.id * 17) %% 5
    FROM calls_review review JOIN calls_application application ON application.id = review.application_id
        JOIN calls_criterion criterion ON criterion.call_id = application.call_id
    WHERE application.call_id = %(call)s AND review.state = 'submitted'""",
    """INSERT INTO calls_check (application_id, kind, is_passed, note, at)
    SELECT application.id, kind, true, '', application.updated_at
    FROM calls_application application, unnest(%(kinds)s) kind
    WHERE application.call_id = %(call)s AND application.state = ANY(%(judged)s)""",
    "ANALYZE calls_application, calls_review, calls_score, calls_check",
)


@dataclass(frozen=True)
class Places:
    """What the applications of one run are about and who hands them in."""

    call: Call
    programme: Programme
    first_applicant: int
    now: datetime


@transaction.atomic
def add_applications(count: int) -> None:
    """Add a call that closed yesterday with so many applications, each of an applicant of its own, and reviews."""
    now = timezone.now()
    call = _call(now)
    reviewers = _panel(call)
    places = Places(call, put_programme(0, now, now + timedelta(days=365)), _applicants(call, count), now)
    copy_rows("calls_application", COLUMNS, _rows(places, count))
    run(
        FOLLOW,
        call=call.pk,
        reviewers=reviewers,
        judged=JUDGED,
        kinds=[kind.value for kind in CheckKind],
        reviews=REVIEWS,
        done=REVIEWS - 1,
    )


def _call(now: datetime) -> Call:
    number = 1 + Call.objects.filter(slug__startswith="bulk-call-").count()
    call = Call.objects.create(
        slug=f"bulk-call-{number}",
        title_en=f"Bulk call {number}",
        title_fr=f"Appel en nombre {number}",
        summary_en="One with many applications.",
        summary_fr="Un appel aux nombreuses candidatures.",
        minutes_offered=500_000,
        reviews_wanted=REVIEWS,
        opens_at=now - timedelta(days=50),
        closes_at=now - timedelta(days=1),
        state=CallState.PUBLISHED,
        published_at=now - timedelta(days=57),
        announced_at=now - timedelta(days=50),
    )
    Criterion.objects.bulk_create(
        Criterion(call=call, name_en=name, name_fr=name, weight=weight, position=position)
        for position, (name, weight) in enumerate(WEIGHTS.items())
    )
    return call


def _panel(call: Call) -> list[int]:
    """So many reviewers of their own; returns their primary keys."""
    people = User.objects.bulk_create(_person(f"reviewer{number}.{call.slug}", number) for number in range(REVIEWERS))
    PanelMember.objects.bulk_create(PanelMember(call=call, user=person) for person in people)
    return [person.pk for person in people]


def _applicants(call: Call, count: int) -> int:
    """Create so many people; returns the primary key of the first, from which the others follow."""
    first = 1 + (User.objects.aggregate(newest=Max("pk"))["newest"] or 0)
    people = (_person(f"applicant{number}.{call.slug}", number, pk=first + number) for number in range(count))
    User.objects.bulk_create(people, batch_size=1000)
    run(["SELECT setval(pg_get_serial_sequence('accounts_user', 'id'), (SELECT max(id) FROM accounts_user))"])
    return first


def _person(name: str, number: int, **fields: int) -> User:
    country, zone = list(COUNTRIES.items())[number % len(COUNTRIES)]
    return User(
        email=f"{name}@bulk.example",
        name=name,
        password=NO_PASSWORD,
        country=country,
        career_stage=CareerStage.DOCTORAL,
        gender=("woman", "man")[number % 2],
        time_zone=zone,
        **fields,
    )


def _rows(places: Places, count: int) -> Iterator[tuple[object, ...]]:
    """The rows of COLUMNS."""
    programme, countries = places.programme, list(COUNTRIES)
    organisations = [award.organisation_id for group in programme.awards for award in group]
    newest = Application.objects.aggregate(newest=Max("pk"))["newest"] or 0
    handed_in = (places.now - timedelta(days=2)).isoformat()
    for number in range(count):
        ref = f"A{newest + number + 1:09}"
        state = STATES[number % len(STATES)]
        yield (
            ref, f"2026-{ref}", places.call.pk, places.first_applicant + number,
            organisations[number % len(organisations)], programme.instruments[number % len(programme.instruments)].pk,
            f"Question {number} of many", "What happens to it when it is warm?", "It sees what ours does not.",
            600 + number % 20 * 60, "Two people.", "Open data.", "f", "", "en", "{}", state.value, handed_in,
            countries[number % len(countries)], "doctoral", "",
            "decline" if state == ApplicationState.PREPARED else "", "", handed_in, handed_in,
        )  # fmt: skip
