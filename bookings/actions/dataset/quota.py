"""How much a laboratory's files may have: each of them, all together, and what the disk takes."""

from django.conf import settings
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from bookings import parts
from bookings.actions.dataset.common import NoRoom, TooLarge
from bookings.models import DatasetFile, Upload
from portal.accounts.models import Organisation
from portal.core.errors import Reason


def check_size(size: int) -> None:
    """Raises TooLarge `too_large`, NoRoom."""
    if size > settings.DATASET_MOST_BYTES:
        most = filesizeformat(settings.DATASET_MOST_BYTES)
        raise TooLarge(Reason("too_large", _("A file may have up to %(most)s; this one is larger.") % {"most": most}))
    if not parts.has_room_for(size):
        raise no_room()


def check_quota(organisation: int, size: int) -> None:
    """Count under the organisation's lock: two who announce at once are counted one after the other.

    Raises TooLarge `quota`.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation)
    kept = DatasetFile.objects.of_laboratory(organisation).aggregate(sum=Sum("size", default=0))["sum"]
    coming = Upload.objects.of_laboratory(organisation).aggregate(sum=Sum("size", default=0))["sum"]
    if kept + coming + size > settings.DATASET_QUOTA_BYTES:
        values = {"all": filesizeformat(settings.DATASET_QUOTA_BYTES), "used": filesizeformat(kept + coming)}
        sentence = _("The laboratory’s files may have %(all)s together, and have %(used)s: delete some, or ask staff.")
        raise TooLarge(Reason("quota", sentence % values))


def no_room() -> NoRoom:
    return NoRoom(Reason("no_room", _("The portal’s disk is full. Staff have to make room before files can come.")))
