"""The pages of the network that the looks, the weights and the crawl go through, and the rows behind them."""

from typing import Any

from portal.accounts.models import KnownPair, OrganisationFile
from tests.factories.accounts import OrganisationFactory
from tests.journeys.stop import Stop

FILE = """name,kind,country,city
Savanna College,university,KE,Nakuru
Odd Place,circus,KE,
Twin Peaks University,university,ZM,Lusaka
"""

NETWORK = [
    Stop("network", "visitor", "/network/", "public"),
    Stop("network-kind", "visitor", "/network/?kind=university&q=university", "public"),
    Stop("organisation-names", "visitor", "/organisations/twin-peaks/", "public"),
    Stop("network-none", "visitor", "/network/?q=nothingsuch", "public"),
    Stop("network-odd", "visitor", "/network/?kind=circus", "public", 400),
    Stop("desk-doubles", "staff", "/desk/organisations/doubles/", "staff"),
    Stop("desk-apart", "staff", "/desk/organisations/doubles/apart/", "staff"),
    Stop("desk-merge", "staff", "/desk/organisations/{twin}/merge/?q=university", "staff"),
    Stop("desk-merge-check", "staff", "/desk/organisations/{twin}/merge/?into={twin_kept}", "staff"),
    Stop("desk-entry", "staff", "/desk/organisations/{twin}/edit/", "staff"),
    Stop("desk-import", "staff", "/desk/organisations/import/", "staff"),
    Stop("desk-import-file", "staff", "/desk/organisations/import/{organisations}/", "staff"),
]


def network(cast: dict[str, Any]) -> dict[str, str]:
    """One organisation entered twice, two that only look so, and a file with new, faulty and changing rows."""
    names = {"former_names": "Polytechnic of the Two Mountains\nCollège du Sommet", "other_names": "TPU"}
    kept = OrganisationFactory(name="Twin Peaks University", slug="twin-peaks", country="ZM", city="", **names)
    twin = OrganisationFactory(name="University of Twin Peaks", slug="twin", country="ZM", state="proposed")
    lakes = [OrganisationFactory(name="Lake College", country=country) for country in ("KE", "UG")]
    KnownPair.objects.create(first=lakes[0], second=lakes[1], said_by=cast["staff"])
    file = OrganisationFile.objects.create(owner=cast["staff"], name="centres.csv", content=FILE)
    return {"twin": twin.slug, "twin_kept": kept.slug, "organisations": str(file.pk)}
