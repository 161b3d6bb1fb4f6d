"""Who may read which address of the figures of impact."""

from datetime import date

from portal.pages.impact.keeping import keep

EVERYBODY = frozenset(
    [
        *("visitor", "researcher", "focal_point", "operator", "reviewer", "donor", "staff", "admin_user"),
        *("stranger_researcher", "stranger_focal_point", "stranger_operator"),
    ]
)

READERS: dict[str, frozenset[str]] = {
    "api:impact-list": EVERYBODY,
    "impact:index": EVERYBODY,
    "impact:table": EVERYBODY,
}


def arguments_of() -> dict[tuple[str, str], str]:
    """Figures, so that there is something to read."""
    keep(date(2026, 6, 30))
    return {("impact:table", "name"): "countries"}
