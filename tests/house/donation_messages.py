"""The rows that messages of donations are about, each in the state in which its message makes sense."""

from collections.abc import Callable

from django.db.models import Model

from tests.factories.donations import ApprovedMatchFactory, MatchFactory

TITLES = {"need__title": "Élan 27", "offer__title": "Élan 27"}

GIVEN: dict[str, Callable[[], Model]] = {
    "donations.match_approved": lambda: ApprovedMatchFactory(**TITLES),
    "donations.match_reminder": lambda: ApprovedMatchFactory(**TITLES),
    "donations.match_accepted": lambda: ApprovedMatchFactory(**TITLES),
    "donations.match_refused": lambda: MatchFactory(**TITLES, state="refused", why=""),
    "donations.match_lapsed": lambda: MatchFactory(**TITLES, state="lapsed"),
    "donations.match_failed": lambda: MatchFactory(**TITLES, state="failed"),
}
