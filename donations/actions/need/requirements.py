"""What the equipment has to do, feature by feature."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from donations.features import features_of
from donations.models import Need, Requirement


@dataclass(frozen=True)
class Wanted:
    """A feature with its bounds in the feature's unit, both None where it is there or not."""

    feature: str
    least: Decimal | None
    most: Decimal | None
    is_must: bool


def set_requirements(need: Need, wanted: Collection[Wanted]) -> bool:
    """Make these the requirements of a locked need; say whether any differs. For `save_section`'s `beside`."""
    held = {Wanted(row.feature, row.least, row.most, row.is_must) for row in need.requirements.all()}
    if held == set(wanted):
        return False
    need.requirements.all().delete()
    Requirement.objects.bulk_create(
        Requirement(need=need, feature=each.feature, least=each.least, most=each.most, is_must=each.is_must)
        for each in wanted
    )
    return True


def drop_strangers(need: Need) -> bool:
    """Forget what the category, chosen anew, does not have; say whether there was any."""
    known = [feature.key for feature in features_of(need.category.slug)] if need.category else []
    dropped, _each = need.requirements.exclude(feature__in=known).delete()
    return bool(dropped)
