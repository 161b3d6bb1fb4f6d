"""The API of calls: `routes` are (prefix, viewset, name); portal.urls builds the router of every app."""

from calls.api.application import ApplicationViewSet
from calls.api.award import AwardViewSet
from calls.api.call import CallViewSet
from calls.api.interest import InterestViewSet
from calls.api.review import ReviewViewSet

routes: list[tuple[str, type, str]] = [
    ("calls", CallViewSet, "call"),
    ("applications", ApplicationViewSet, "application"),
    ("awards", AwardViewSet, "award"),
    ("reviews", ReviewViewSet, "review"),
    ("interests", InterestViewSet, "interest"),
]
