"""Who may read which address of proposals and agreements, and the rows that these addresses name."""

from typing import Any

from tests.factories.agreements import AgreementFactory

STAFF = frozenset({"staff", "admin_user"})
LABORATORY = STAFF | {"operator"}
NOBODY = frozenset[str]()
PEOPLE = frozenset(
    [
        *("researcher", "focal_point", "operator", "reviewer", "donor", "staff", "admin_user"),
        *("stranger_researcher", "stranger_focal_point", "stranger_operator"),
    ]
)
# Who is answered 200 to a GET, as in the matrix.

READERS: dict[str, frozenset[str]] = {
    "proposals:start": PEOPLE | {"visitor"},
    "proposals:begin": PEOPLE,
    "proposals:detail": LABORATORY,
    "proposals:step": LABORATORY,
    "proposals:check": NOBODY,  # of one that is listed already
    "proposals:save": NOBODY,
    "proposals:withdraw": NOBODY,  # who proposed it alone
    "agreements:list": LABORATORY | {"stranger_operator"},
    "agreements:create": STAFF,
    "agreements:detail": LABORATORY,
    "agreements:edit": STAFF,
    "agreements:renew": NOBODY,
    "agreements:document": LABORATORY,
    "agreements:move": frozenset({"operator"}),  # signing for the laboratory
}
QUERIES = {"agreements:create": {"instrument": "alpine-diffractometer"}}


def arguments_of(instrument: Any) -> dict[tuple[str, str], Any]:
    """What to put for the arguments of these addresses."""
    return {
        ("proposals", "slug"): instrument.slug,
        ("proposals", "name"): "offer",
        ("agreements", "ref"): AgreementFactory(instrument=instrument, offered=True).ref,
        ("agreements", "verb"): "agree",
        ("agreements:edit", "ref"): AgreementFactory(instrument=instrument).ref,
    }
