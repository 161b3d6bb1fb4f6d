"""Weighted means, for any points and weights, and what the database makes of them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.models import Application, Review
from calls.querysets import with_judging
from calls.scoring import mean, weighted
from tests.factories.applications import ApplicationFactory, CriterionFactory, ReviewFactory

scores = st.lists(st.tuples(st.integers(1, 100), st.integers(1, 5)), min_size=1, max_size=8)


@given(scores)
def test_a_mean_lies_between_the_lowest_and_the_highest(pairs):
    points = [value for _weight, value in pairs]
    assert min(points) <= weighted(pairs) <= max(points)


@given(scores, st.integers(2, 9))
def test_only_the_proportions_of_weights_count(pairs, times):
    assert weighted([(weight * times, points) for weight, points in pairs]) == weighted(pairs)


@given(scores, st.randoms())
def test_the_order_of_criteria_does_not_count(pairs, random):
    shuffled = pairs[:]
    random.shuffle(shuffled)
    assert weighted(shuffled) == weighted(pairs)


@given(scores, st.integers(0, 7))
def test_a_better_mark_never_lowers_the_mean(pairs, index):
    index %= len(pairs)
    weight, points = pairs[index]
    better = [*pairs[:index], (weight, min(5, points + 1)), *pairs[index + 1 :]]
    assert weighted(better) >= weighted(pairs)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [([(40, 5), (60, 3)], Fraction(19, 5)), ([(1, 2), (1, 3)], Fraction(5, 2)), ([], None), ([(0, 5)], None)],
)
def test_known_means(pairs, expected):
    assert weighted(pairs) == expected


def test_reviews_without_points_do_not_count():
    assert mean([Fraction(4), None, Fraction(3)]) == Fraction(7, 2)
    assert mean([None]) is None


@pytest.mark.django_db
def test_the_database_comes_to_the_same_means(staff):
    application = ApplicationFactory(review=True)
    first, second = (CriterionFactory(call=application.call, weight=weight) for weight in (30, 70))
    ReviewFactory(application=application, scores={first: 5, second: 2})
    ReviewFactory(application=application, scores={first: 3, second: 4})
    ReviewFactory(application=application)
    means = [weighted([(30, 5), (70, 2)]), weighted([(30, 3), (70, 4)])]
    found = Review.objects.submitted().with_mean().order_by("pk").values_list("mean", flat=True)
    assert list(found) == [pytest.approx(float(value)) for value in means]
    row = with_judging(Application.objects.all(), Review.objects.visible_to(staff)).get()
    assert (row.reviews_given, row.reviews_done) == (3, 2)
    assert row.mean_score == pytest.approx(float(mean(means)))


@pytest.mark.django_db
def test_an_application_that_nobody_reviewed_has_no_mean(staff):
    ApplicationFactory(review=True)
    row = with_judging(Application.objects.all(), Review.objects.visible_to(staff)).get()
    assert (row.reviews_given, row.reviews_done, row.mean_score) == (0, 0, None)
