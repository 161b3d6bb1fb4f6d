"""Address parts of organisations."""

from collections.abc import Iterable

from django.utils.text import slugify

from portal.accounts.models import Organisation
from portal.core.models import new_ref

PAGES = {"propose", "memberships"}  # address parts that are pages of ours
LONGEST = 70


def free_slugs(names: Iterable[str]) -> list[str]:
    """Return an address part for each name, told apart by five letters where another has it; one statement."""
    wanted = [slugify(name)[:LONGEST].strip("-") or "organisation" for name in names]
    taken = PAGES | set(Organisation.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    given = []
    for slug in wanted:
        free = f"{slug}-{new_ref().lower()[:5]}" if slug in taken else slug
        taken.add(free)
        given.append(free)
    return given
