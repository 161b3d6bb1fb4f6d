"""The API of calls: `routes` are (prefix, viewset, name); portal.urls builds the router of every app."""

routes: list[tuple[str, type, str]] = []
