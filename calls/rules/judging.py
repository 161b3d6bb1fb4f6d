"""Who may judge: reviewers write their own reviews, staff keep the panel; nobody judges what they are part of."""

from typing import Any

import rules

from calls import conflicts
from calls.models import Application, Review
from calls.rules.award import is_staff


@rules.predicate
def is_unconcerned(user: Any, application: Application | None) -> bool:
    """Neither one of the application's people nor invited to be."""
    return application is not None and user.is_authenticated and not conflicts.takes_part(application, user)


@rules.predicate
def writes_review(user: Any, review: Review | None) -> bool:
    """The reviewer it was given to, as long as nothing speaks against them."""
    if review is None or not user.is_authenticated or review.reviewer_id != user.pk:
        return False
    return Review.objects.own(user).filter(pk=review.pk).exists()


@rules.predicate
def keeps_review(user: Any, review: Review | None) -> bool:
    """Staff, of applications that are not their own."""
    return review is not None and is_staff(user) and is_unconcerned(user, review.application)


MAY = {
    "keep_panel": is_staff,
    "assign_review": is_staff & is_unconcerned,
    "write_review": writes_review,
    "reopen_review": keeps_review,
    "unassign_review": keeps_review,
}
for _name, _predicate in MAY.items():
    rules.add_perm(f"calls.{_name}", _predicate)


def may(user: Any, name: str, row: Any = None) -> bool:
    """Whether `user` may do what `name` (a key of MAY) says, as an admin too only by their part in it."""
    return bool(user.is_active and MAY[name].test(user, row))
