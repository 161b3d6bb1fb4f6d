"""What every deed of judging begins with: the rows locked, in the order call, application, review, and looked at."""

from collections.abc import Collection

from calls.actions.application.locks import check_running, hold_call, locked
from calls.models import Application, Review
from portal.core.errors import WrongState


def judged(application: Application, verb: str, states: Collection[str]) -> Application:
    """Lock an application of a running call that is in one of `states`. Raises Refused `call_over`, WrongState."""
    check_running(hold_call(application.call_id))
    application = locked(application)
    if application.state not in states:
        raise WrongState(verb, application.state)
    return application


def reviewed(review: Review, verb: str, states: Collection[str]) -> Review:
    """Lock a review whose application is in one of `states`; its own state is the deed's to look at."""
    application = judged(review.application, verb, states)
    review = Review.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=review.pk)
    review.application = application
    return review
