"""The API of calls: `routes` are (prefix, viewset, name); portal.urls builds the router of every app."""

from calls.api.interest import InterestViewSet

routes: list[tuple[str, type, str]] = [("interests", InterestViewSet, "interest")]
