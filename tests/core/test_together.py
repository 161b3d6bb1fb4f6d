"""Several questions, one statement: each answer is what its question alone would have found."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Count, F, Value
from django.db.models.functions import Cast
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


MOMENT = datetime(2027, 3, 28, 1, 30, 15, 123456, tzinfo=UTC)
VALUES = [
    (True, models.BooleanField()),
    (False, models.BooleanField()),
    (-7, models.SmallIntegerField()),
    (2**31 - 1, models.IntegerField()),
    (2**40, models.BigIntegerField()),
    (Decimal("-0.10"), models.DecimalField(max_digits=7, decimal_places=2)),
    (0.1, models.FloatField()),
    ('Zoë\'s {"NULL", 100 %}\n\\', models.TextField()),
    ("NULL", models.CharField(max_length=9)),
    ("", models.CharField(max_length=9)),
    (date(2027, 2, 28), models.DateField()),
    (time(23, 59), models.TimeField()),
    (MOMENT, models.DateTimeField()),
    (timedelta(days=-1, hours=2), models.DurationField()),
    (UUID(int=7), models.UUIDField()),
    ({"a": [1, None, "é"]}, models.JSONField()),
    (["a", "b,c", "NULL"], ArrayField(models.CharField(max_length=9))),
    ([], ArrayField(models.TextField())),
    ([[1, 2], [3, 4]], ArrayField(ArrayField(models.SmallIntegerField()))),
    ([1, 2], ArrayField(models.IntegerField())),
    ([2**40], ArrayField(models.BigIntegerField())),
    (DateTimeTZRange(MOMENT, MOMENT + timedelta(hours=1)), DateTimeRangeField()),
    (DateRange(date(2027, 1, 1), None), DateRangeField()),
]


def test_values_of_every_type_are_what_they_always_are(rows) -> None:
    some = Organisation.objects.order_by("pk")[:1]
    for value, field in VALUES:
        for given in (value, None):
            asked = some.values_list(Cast(Value(given, field), field))
            alone = asked.all()[0]
            ask_together([asked, some.all()])
            assert (list(asked), type(asked[0][0])) == ([alone], type(alone[0])), field
            assert alone == (given,)


def test_every_column_is_of_a_known_type() -> None:
    """A column of another type needs its number in `NUMBERS`, and a value in `VALUES` above."""
    types = {field.db_type(connection) for model in apps.get_models() for field in model._meta.concrete_fields}
    assert {together._number_of(db_type) for db_type in types} <= set(together.NUMBERS.values())
    known = {together._number_of(field.db_type(connection)) for _value, field in VALUES}
    assert known == set(together.NUMBERS.values())


def test_nothing_asked_is_no_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        ask_together([])
        ask_together([Call.objects.none()])
