"""What staff ask of one need, or of one pair."""

import numpy as np
from django.utils import timezone

from donations.matching.block import Block
from donations.matching.facts import read
from donations.matching.judged import Judged
from donations.matching.verdict import Verdict
from donations.models import Need, Offer


def judge(need: int, offer: int) -> Verdict:
    """One pair by keys, in any state. Raises `Need.DoesNotExist` or `Offer.DoesNotExist`."""
    facts = read(timezone.now().date(), Need.objects.filter(pk=need), Offer.objects.filter(pk=offer))
    if not facts.needs:
        raise Need.DoesNotExist(need)
    if not facts.offers:
        raise Offer.DoesNotExist(offer)
    return Judged(Block(facts)).verdict(0, 0)


def alternatives(need: int, most: int) -> list[Verdict]:
    """Offers of its category with pieces left that no open match has for it: the least lacking first, then the best."""
    wanted = Need.objects.filter(pk=need)
    offers = Offer.objects.open().filter(category__in=wanted.values("category"))
    facts = read(timezone.now().date(), wanted, offers)
    if not facts.needs:
        raise Need.DoesNotExist(need)
    judged = Judged(Block(facts))
    order = np.lexsort((-judged.score[0], judged.lacking[0]))
    held = [offer.left == 0 or (need, offer.pk) in facts.joined for offer in facts.offers]
    return [judged.verdict(0, int(column)) for column in order if not held[column]][:most]
