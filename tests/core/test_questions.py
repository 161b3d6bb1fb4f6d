"""A question's SQL is written once and asked with new values."""

import pytest

from portal.accounts.models import User
from portal.core.questions import Question
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_each_asking_has_its_own_values(django_assert_num_queries) -> None:
    written = []

    def write(pk, zone):
        written.append(pk)
        return User.objects.filter(pk=pk, time_zone=zone, is_active=True).values_list("email", "pk")

    question = Question(write, 2)
    one, other = UserFactory(time_zone="Africa/Accra"), UserFactory(time_zone="Africa/Lusaka")
    with django_assert_num_queries(3):
        assert question.ask(one.pk, "Africa/Accra") == [(one.email, one.pk)]
        assert question.ask(other.pk, "Africa/Lusaka") == [(other.email, other.pk)]
        assert question.ask(other.pk, "Africa/Accra") == []
    assert len(written) == 1


def test_values_are_never_sql() -> None:
    person = UserFactory()
    question = Question(lambda email: User.objects.filter(email=email).values_list("pk"), 1)
    assert question.ask("' OR true --") == []
    assert question.ask(person.email) == [(person.pk,)]
