"""Photographs of what is needed, offered, received or damaged."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models.follow_up import FollowUp
from donations.models.need import Need
from donations.models.offer import Offer
from donations.models.shipment import Shipment
from donations.querysets import PhotoQuerySet
from portal.core.files import KeptFile, private_place

OWNERS = ("need", "offer", "shipment", "follow_up")


class Photo(KeptFile):
    """Drawn anew when it came, without its metadata; `small` is at most 480 points wide, `file` 1600."""

    need = models.ForeignKey(Need, models.CASCADE, null=True, blank=True, related_name="photos")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="photos")
    shipment = models.ForeignKey(Shipment, models.CASCADE, null=True, blank=True, related_name="photos")
    follow_up = models.ForeignKey(FollowUp, models.CASCADE, null=True, blank=True, related_name="photos")
    file = models.ImageField(_("picture"), upload_to=private_place("donations"), max_length=200)
    small = models.ImageField(_("small picture"), upload_to=private_place("donations"), max_length=200)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    alt = models.CharField(_("what it shows"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(need__isnull=False, offer=None, shipment=None, follow_up=None)
                | Q(need=None, offer__isnull=False, shipment=None, follow_up=None)
                | Q(need=None, offer=None, shipment__isnull=False, follow_up=None)
                | Q(need=None, offer=None, shipment=None, follow_up__isnull=False),
                name="photo_of_one_thing",
            ),
        ]
