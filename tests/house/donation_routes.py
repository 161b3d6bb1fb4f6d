"""Who may read which address of donations, and the rows that these addresses name."""

from typing import Any

from tests.factories.donations import ApprovedMatchFactory

BOTH_SIDES = frozenset({"staff", "admin_user", "focal_point", "donor"})
STAFF = frozenset({"staff", "admin_user"})
NOBODY = frozenset[str]()
SIGNED_IN = [
    *("researcher", "focal_point", "operator", "reviewer", "donor", "staff", "admin_user"),
    *("stranger_researcher", "stranger_focal_point", "stranger_operator"),
]
PEOPLE, EVERYBODY = frozenset(SIGNED_IN), frozenset(["visitor", *SIGNED_IN])
# Who is answered 200 to a GET, as in the matrix.

READERS: dict[str, frozenset[str]] = {
    "api:match-list": PEOPLE,
    "api:match-detail": BOTH_SIDES,
    "api:match-accept": NOBODY,
    "api:match-refuse": NOBODY,
    "matches:list": PEOPLE,
    "matches:detail": BOTH_SIDES,
    "matches:approve": NOBODY,
    "matches:reject": STAFF,
    "matches:fail": STAFF,
    "matches:accept": NOBODY,
    "matches:refuse": BOTH_SIDES,
    "desk_donations:matching": STAFF,
    "desk_donations:run": NOBODY,
    "desk_donations:alternatives": STAFF,
    "desk_donations:propose": NOBODY,
}


def arguments_of(people: dict[str, Any], institute: Any) -> dict[tuple[str, str], Any]:
    """A match between the focal point's need and the donor's offer, with what hangs on it."""
    match = ApprovedMatchFactory(
        need__asked_by=people["focal_point"], need__organisation=institute, offer__donor=people["donor"]
    )
    return {
        ("api:match", "ref"): match.ref,
        ("matches", "ref"): match.ref,
        ("matches", "side"): "need",
        ("desk_donations", "ref"): match.need.ref,
    }
