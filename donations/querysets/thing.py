"""Named questions about needs and offers."""

from datetime import date
from typing import Any, Self

from django.db import models

from donations.enums import PUBLIC_NEEDS, PUBLIC_OFFERS, NeedState, OfferState
from donations.querysets.people import own_needs, own_offers


class NeedQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """Those that everybody may read: verified, and what became of them."""
        return self.filter(state__in=PUBLIC_NEEDS)

    def open(self) -> Self:
        """Those of which pieces are still wanted."""
        return self.filter(state=NeedState.OPEN)

    def own(self, user: Any) -> Self:
        return self.filter(own_needs(user)) if user.is_authenticated else self.none()

    def visible_to(self, user: Any) -> Self:
        """The public ones, the person's own, and every one to staff."""
        if not user.is_authenticated:
            return self.public()
        if user.is_staff:
            return self
        return self.filter(own_needs(user) | models.Q(state__in=PUBLIC_NEEDS))

    def expiring(self, day: date) -> Self:
        """Open ones whose last day is before `day`."""
        return self.open().filter(expires_on__lt=day)

    def for_list(self) -> Self:
        return self.select_related("organisation", "category", "asked_by")


class OfferQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """Those that everybody may read: vetted, and what became of them."""
        return self.filter(state__in=PUBLIC_OFFERS)

    def open(self) -> Self:
        """Those of which pieces are still to be had."""
        return self.filter(state=OfferState.VETTED)

    def own(self, user: Any) -> Self:
        return self.filter(own_offers(user)) if user.is_authenticated else self.none()

    def visible_to(self, user: Any) -> Self:
        """The public ones, the person's own, and every one to staff."""
        if not user.is_authenticated:
            return self.public()
        if user.is_staff:
            return self
        return self.filter(own_offers(user) | models.Q(state__in=PUBLIC_OFFERS))

    def expiring(self, day: date) -> Self:
        """Vetted ones whose last day is before `day`."""
        return self.open().filter(expires_on__lt=day)

    def for_list(self) -> Self:
        return self.select_related("organisation", "category", "donor")
