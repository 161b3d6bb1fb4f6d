"""What the deeds of datasets share: refusals with a status of their own, locked rows, who is told."""

from django.utils.translation import gettext as _

from bookings.models import Booking, Dataset
from portal.accounts.models import User
from portal.core.errors import Forbidden, Reason, Refused
from portal.notifications.actions import Recipient, reader


class TooLarge(Refused):
    """More than one file, or a laboratory's files together, may have."""

    status = 413


class Gone(Refused):
    """It was there, and is not kept any more."""

    status = 410


class NameTaken(Refused):
    """The dataset has a file of this name, or one is on its way."""

    status = 409


class NoRoom(Refused):
    """The portal's disk is full."""

    status = 507


def check_manages(by: User, booking: Booking) -> None:
    """Raises Forbidden for all but the laboratory and staff."""
    if not by.has_perm("bookings.manage_data", booking):
        raise Forbidden


def locked(dataset: Dataset) -> Dataset:
    """The row, locked. Raises Gone when its files are deleted."""
    rows = Dataset.objects.select_for_update(of=("self",), no_key=True)
    row: Dataset = rows.select_related("booking__instrument__organisation", "booking__award__holder").get(pk=dataset.pk)
    if row.is_forgotten:
        raise Gone(Reason("forgotten", _("The files of this dataset were deleted when their time was over.")))
    return row


def people_of(dataset: Dataset) -> list[Recipient]:
    """Those whose data they are: the award's holder, those it is shared with, who took part."""
    booking = dataset.booking
    everybody = [booking.award.holder, *booking.award.members.all(), *booking.participants.all()]
    people = {user.pk: user for user in everybody}
    return [reader(user) for user in people.values() if user.is_active]
