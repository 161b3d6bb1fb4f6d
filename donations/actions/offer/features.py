"""What of an offer can be compared with what is needed."""

from collections.abc import Mapping
from decimal import Decimal

from donations.features import features_of
from donations.models import Offer, OfferFeature


def write_features(offer: Offer, said: Mapping[str, Decimal | None]) -> bool:
    """Let a locked offer have these features of its category and no others; return whether that changed anything.

    `said`: key -> value in the feature's unit, None for what is just there.
    """
    own = {feature.key for feature in features_of(category_of(offer))}
    wanted = {key: value for key, value in said.items() if key in own}
    kept = dict(offer.features.values_list("feature", "value"))
    if wanted == kept:
        return False
    offer.features.all().delete()
    rows = [OfferFeature(offer=offer, feature=key, value=value) for key, value in wanted.items()]
    OfferFeature.objects.bulk_create(rows)
    return True


def forget_foreign(offer: Offer) -> None:
    """Drop features of another category, which the offer had before its category was changed."""
    own = [feature.key for feature in features_of(category_of(offer))]
    offer.features.exclude(feature__in=own).delete()


def category_of(offer: Offer) -> str:
    """The slug; empty while none is chosen."""
    return offer.category.slug if offer.category else ""
