"""Who must not judge what: each ground by itself, and what is not one."""

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from calls import conflicts
from calls.enums import ReviewState
from calls.models import Application, Review
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.applications import ApplicationFactory, PanelMemberFactory, ReviewFactory, TeamMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> Application:
    application = ApplicationFactory(review=True)
    MembershipFactory(user=application.applicant, organisation=application.organisation)
    return application


def colleague(application, **fields):
    return MembershipFactory(organisation=application.organisation, **fields).user


def of_applicants_other_place(application):
    other = OrganisationFactory()
    MembershipFactory(user=application.applicant, organisation=other)
    return MembershipFactory(organisation=other, role="operator").user


def co_applicant(application):
    person = UserFactory()
    TeamMemberFactory(application=application, user=person, accepted_at=timezone.now())
    return person


def invited(application):
    person = UserFactory(email="rui@example.org")
    TeamMemberFactory(application=application, address="Rui@Example.org")
    return person


def invited_under_a_second_address(application):
    person = UserFactory()
    EmailAddress.objects.create(user=person, email="second@example.org", verified=True)
    TeamMemberFactory(application=application, address="Second@Example.org")
    return person


def claims_an_invited_address(application):
    """Anybody can type an address that is not theirs; only a verified one says who they are."""
    person = UserFactory()
    EmailAddress.objects.create(user=person, email="third@example.org", verified=False)
    TeamMemberFactory(application=application, address="third@example.org")
    return person


def of_co_applicants_place(application):
    place = OrganisationFactory()
    MembershipFactory(user=co_applicant(application), organisation=place)
    return MembershipFactory(organisation=place).user


def declared(application):
    return ReviewFactory(application=application, state=ReviewState.CONFLICT, conflict_why="My student").reviewer


def merely_asked_to_join(application):
    return colleague(application, state="requested")


def left_long_ago(application):
    return colleague(application, state="ended")


def of_a_place_an_invited_one_works_in(application):
    """Somebody who did not accept is not yet part of it, nor are their colleagues."""
    place = OrganisationFactory()
    MembershipFactory(user=invited(application), organisation=place)
    return MembershipFactory(organisation=place).user


def reviews_it(application):
    return ReviewFactory(application=application).reviewer


CONFLICTS = [
    lambda application: application.applicant,
    colleague,
    of_applicants_other_place,
    co_applicant,
    invited,
    invited_under_a_second_address,
    of_co_applicants_place,
    declared,
]
FREE = [
    lambda application: UserFactory(),
    merely_asked_to_join,
    left_long_ago,
    claims_an_invited_address,
    of_a_place_an_invited_one_works_in,
    reviews_it,
]


@pytest.mark.parametrize(("person", "expected"), [(one, True) for one in CONFLICTS] + [(one, False) for one in FREE])
def test_each_way_of_asking_gives_the_same_answer(application, person, expected):
    person = person(application)
    other = ApplicationFactory(call=application.call, review=True)
    PanelMemberFactory(call=application.call, user=person)
    assert conflicts.exists_between(application, person) is expected
    assert not conflicts.exists_between(other, person)
    assert conflicts.pairs(application.call) == ({(application.pk, person.pk)} if expected else set())
    review, _new = Review.objects.get_or_create(application=application, reviewer=person)
    assert Review.objects.free_of_conflict().filter(pk=review.pk).exists() is not expected
    assert Review.objects.visible_to(person).exists() is not expected
    assert Application.objects.visible_to(person).filter(reviews=review).exists() is (
        not expected or Application.objects.of_person(person).exists()
    )


def test_where_names_are_hidden_a_reviewer_sees_the_review_and_not_the_application(application):
    review = ReviewFactory(application=application)
    assert Application.objects.visible_to(review.reviewer).exists()
    type(application.call).objects.update(is_blind=True)
    assert not Application.objects.visible_to(review.reviewer).exists()
    assert Review.objects.visible_to(review.reviewer).get() == review


def test_staff_see_no_reviews_of_an_application_they_are_part_of(application, staff, admin_user):
    review = ReviewFactory(application=application)
    for person in (staff, admin_user):
        assert list(Review.objects.visible_to(person)) == [review]
        TeamMemberFactory(application=application, address=person.email)
        assert list(Review.objects.visible_to(person)) == []


def test_staff_who_review_read_others_once_they_handed_in_their_own(application, staff):
    others, own = ReviewFactory(application=application), ReviewFactory(application=application, reviewer=staff)
    elsewhere = ReviewFactory()
    assert set(Review.objects.visible_to(staff)) == {own, elsewhere}
    Review.objects.filter(pk=own.pk).update(state=ReviewState.SUBMITTED, submitted_at=timezone.now())
    assert set(Review.objects.visible_to(staff)) == {own, others, elsewhere}
    Review.objects.filter(pk=own.pk).update(state=ReviewState.CONFLICT)
    assert set(Review.objects.visible_to(staff)) == {elsewhere}


def test_what_was_withdrawn_is_no_reviewers_any_more(application, staff):
    review = ReviewFactory(application=application)
    Application.objects.update(state="withdrawn")
    assert not Review.objects.visible_to(review.reviewer).exists()
    assert list(Review.objects.visible_to(staff)) == [review]
