"""Named questions about reviews, and what they come to for an application."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, Coalesce

from calls import conflicts
from calls.enums import ApplicationState, CallState, ReviewState


class ReviewQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """A reviewer's own, free of conflict, of what was not withdrawn; to staff those of others too.

        Staff see none of an application that they take part in or declared a conflict with, and of one that they
        review themselves only their own until it is handed in.
        """
        if not user.is_authenticated:
            return self.none()
        is_shown = ~Q(state=ReviewState.CONFLICT) & ~Q(application__state=ApplicationState.WITHDRAWN)
        own = Q(reviewer=user) & is_shown & ~_against(user)
        if not user.is_staff:
            return self.filter(own)
        unwritten = self.model.objects.filter(
            application=OuterRef("application"), reviewer=user, state=ReviewState.ASSIGNED
        )
        is_concerned = conflicts.taking_part(OuterRef("application"), user.pk) | conflicts.declared(
            OuterRef("application"), user.pk
        )
        return self.filter(own | (~Q(reviewer=user) & ~is_concerned & ~Q(Exists(unwritten))))

    def own(self, user: Any) -> Self:
        """Those that `user` was given and may write or read, whatever else they are."""
        return self.visible_to(user).filter(reviewer=user) if user.is_authenticated else self.none()

    def to_write(self, user: Any) -> Self:
        """What waits for a reviewer."""
        is_running = Q(application__state=ApplicationState.REVIEW, application__call__state=CallState.PUBLISHED)
        return self.own(user).filter(is_running, state=ReviewState.ASSIGNED)

    def submitted(self) -> Self:
        return self.filter(state=ReviewState.SUBMITTED)

    def free_of_conflict(self) -> Self:
        """Those that count: neither declared in conflict nor, by what is known today, in one."""
        conflict = conflicts.between(OuterRef("application"), OuterRef("reviewer"))
        return self.exclude(state=ReviewState.CONFLICT).filter(~conflict)

    def with_mean(self) -> Self:
        """With `mean`: the weighted mean of each review's points, None without any."""
        return self.annotate(mean=_mean("scores__"))

    def for_list(self) -> Self:
        """With what a line or a page of a review prints."""
        return self.select_related(
            "reviewer", "application__call", "application__instrument", "application__organisation"
        )


def with_judging(applications: Any, reviews: ReviewQuerySet) -> Any:
    """Annotate applications with `reviews_given`, `reviews_done` and `mean_score`, counting only these reviews.

    Every review scores all criteria of its call, so the mean of all points by weight is the mean of the reviews.
    """
    those = reviews.free_of_conflict().filter(application=OuterRef("pk")).order_by().values("application")
    done = those.filter(state=ReviewState.SUBMITTED)
    return applications.annotate(
        reviews_given=Coalesce(Subquery(those.annotate(number=Count("pk")).values("number")), 0),
        reviews_done=Coalesce(Subquery(done.annotate(number=Count("pk")).values("number")), 0),
        mean_score=Subquery(done.annotate(mean=_mean("scores__")).values("mean"), output_field=FloatField()),
    )


def _against(user: Any) -> Q:
    return conflicts.between(OuterRef("application"), user.pk)


def _mean(path: str) -> Any:
    weight = F(f"{path}criterion__weight")
    return Cast(Sum(F(f"{path}points") * weight), FloatField()) / Cast(Sum(weight), FloatField())
