"""Several questions, one statement: each answer is what its question alone would have found."""

from datetime import timedelta

import pytest
from django.db.models import Count, F, Value
from django.utils import timezone

from calls.models import Application, Call
from instruments.models import Instrument
from portal.accounts.models import Membership, Organisation, User
from portal.core import together
from portal.core.together import ask_together
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.calls import CallFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> None:
    MembershipFactory.create_batch(2, state="requested")
    for days in (3, 1, 2):
        CallFactory(title_en=f"{days} % of 'it'", closes_at=timezone.now() + timedelta(days=days))
    InstrumentFactory()
    UserFactory.create_batch(3)


def questions() -> list:
    """Of every kind that Django reads: models with what was selected along, numbers, dictionaries, unions, nothing."""
    names = Organisation.objects.annotate(word=F("name")).order_by().values_list("word")
    people = User.objects.annotate(word=F("name")).order_by().values_list("word")
    return [
        Membership.objects.select_related("user", "organisation").order_by("-pk"),
        Call.objects.filter(title__contains="% of").order_by("-closes_at")[1:3],
        Application.objects.all(),
        Instrument.objects.none(),
        Instrument.objects.annotate(units_there=Count("units")).defer("description").order_by("pk"),
        Membership.objects.order_by().values("state").annotate(number=Count("pk")),
        User.objects.order_by("pk").values_list("name", flat=True),
        names.union(people, all=True).order_by("word")[:3],
        Organisation.objects.order_by("pk").values_list("country", Value("100 %")),
        Organisation.objects.filter(memberships__state="requested").distinct().order_by("memberships__pk"),
    ]


def seen(rows) -> list:
    return [{**row.__dict__, "_state": None} if hasattr(row, "_state") else row for row in rows]


def test_each_finds_what_it_would_have_found_alone(rows, django_assert_num_queries) -> None:
    asked = questions()
    with django_assert_num_queries(1):
        ask_together(asked)
    with django_assert_num_queries(0):
        people = [row.user.name for row in asked[0]]
        found = [list(question) for question in asked]
    assert len(people) == 2
    assert [seen(answer) for answer in found] == [seen(question) for question in questions()]
    assert [len(answer) > 0 for answer in found] == [True, True, False, False, *[True] * 6]


def test_what_is_made_of_an_answered_question_asks_anew(rows, django_assert_num_queries) -> None:
    calls = Call.objects.order_by("pk")
    ask_together([calls, User.objects.all()])
    with django_assert_num_queries(1):
        assert [call.pk for call in calls.filter(pk=calls[1].pk)] == [calls[1].pk]
    CallFactory()
    assert (len(calls), calls.all().count()) == (3, 4)


def test_prefetched_rows_come_with_an_answer(rows, django_assert_num_queries) -> None:
    instruments = Instrument.objects.prefetch_related("units")
    with django_assert_num_queries(2):
        ask_together([instruments, Call.objects.all()])
    with django_assert_num_queries(0):
        assert [len(row.units.all()) for row in instruments] == [1]


def test_more_columns_than_a_row_holds_are_asked_for_in_turn(rows, django_assert_num_queries) -> None:
    many = [Membership.objects.select_related("user", "organisation") for _ in range(60)]
    columns = len(Membership._meta.concrete_fields + User._meta.concrete_fields + Organisation._meta.concrete_fields)
    statements = -(-len(many) // (together.MOST_COLUMNS // (1 + columns)))
    with django_assert_num_queries(statements):
        ask_together(many)
    assert statements > 1
    assert [len(answer) for answer in many] == [2] * 60


def test_nothing_asked_is_no_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        ask_together([])
        ask_together([Call.objects.none()])
