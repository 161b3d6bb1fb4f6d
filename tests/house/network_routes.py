"""Who may read which address of the network, and the rows that these addresses name."""

from typing import Any

from portal.accounts.models import OrganisationFile

STAFF = frozenset({"staff", "admin_user"})
NOBODY = frozenset[str]()
SIGNED_IN = [
    *("researcher", "focal_point", "operator", "reviewer", "donor", "staff", "admin_user"),
    *("stranger_researcher", "stranger_focal_point", "stranger_operator"),
]
EVERYBODY = frozenset(["visitor", *SIGNED_IN])
# Who is answered 200 to a GET, as in the matrix.

READERS: dict[str, frozenset[str]] = {
    "organisations:list": NOBODY,  # leads on to the directory
    "network:list": EVERYBODY,
    "network:organisation": EVERYBODY,
    "network:join": NOBODY,
    "desk_accounts:organisations": STAFF,
    "desk_accounts:verify": NOBODY,
    "desk_accounts:edit": STAFF,
    "desk_accounts:doubles": STAFF,
    "desk_accounts:apart": STAFF,
    "desk_accounts:tell_apart": NOBODY,
    "desk_accounts:compare_again": NOBODY,
    "desk_accounts:merge": STAFF,
    "desk_accounts:import": STAFF,
    "desk_accounts:import_template": STAFF,
    "desk_accounts:import_file": frozenset({"staff"}),  # who sent the file
    "desk_accounts:import_take": NOBODY,
    "desk_accounts:import_faulty": frozenset({"staff"}),
}


def arguments_of(people: dict[str, Any], institute: Any) -> dict[tuple[str, str], Any]:
    """What to put into the addresses of the network."""
    file = OrganisationFile.objects.create(owner=people["staff"], name="list.csv", content="name,country\nCollege,KE\n")
    return {
        ("network", "slug"): institute.slug,
        ("desk_accounts", "pk"): file.pk,
    }
