"""The laboratory makes datasets of a booking, keeps them longer, takes a file out again."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.dataset.common import check_manages, locked
from bookings.enums import BookingState
from bookings.models import Booking, Dataset, DatasetFile
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.files import forget_after_commit
from portal.core.retry import in_transaction

COLUMNS = ("title", "note")
MOST = 100  # datasets of one booking
LONGEST_KEPT = timedelta(days=5 * 366)
WITH_DATA = (BookingState.CONFIRMED, BookingState.COMPLETED, BookingState.MISSED, BookingState.FAILED)


def make_dataset(booking: Booking, fields: dict[str, Any], *, by: User) -> Dataset:
    """An empty dataset, kept as long as the policy says. Raises Forbidden; Refused `no_data_yet` or `too_many`."""
    check_manages(by, booking)
    return in_transaction(lambda: new_dataset(booking, fields, by=by))


def new_dataset(booking: Booking, fields: dict[str, Any], *, by: User | None) -> Dataset:
    """The same inside a transaction, for whoever may: without `by` an instrument made it."""
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).select_related("instrument__policy")
    row = rows.get(pk=booking.pk)
    if row.state not in WITH_DATA:
        raise Refused(Reason("no_data_yet", _("There are data of a booking once it is confirmed.")))
    if row.datasets.count() >= MOST:
        sentence = _("A booking has up to %(most)d datasets. Put files into one of them.")
        raise Refused(Reason("too_many", sentence % {"most": MOST}))
    kept_until = timezone.now().date() + timedelta(days=row.instrument.policy.days_kept)
    columns = {name: fields[name] for name in COLUMNS if name in fields}
    dataset = Dataset.objects.create(booking=row, made_by=by, kept_until=kept_until, **columns)
    record(dataset, "make", by=by)
    return dataset


def keep_longer(dataset: Dataset, until: date, *, by: User) -> Dataset:
    """Keep the files until the end of a later day; warnings come anew. Raises Forbidden, Gone; Refused `keep_when`."""
    check_manages(by, dataset.booking)

    def deed() -> Dataset:
        row = locked(dataset)
        today = timezone.now().date()
        if not max(row.kept_until, today) < until <= today + LONGEST_KEPT:
            raise Refused(Reason("keep_when", _("Choose a later day than now, at most five years ahead.")))
        before, row.kept_until, row.warned_at = row.kept_until, until, None
        row.save(update_fields=["kept_until", "warned_at", "updated_at"])
        record(row, "keep_longer", by=by, before=before.isoformat(), after=until.isoformat())
        return row

    return in_transaction(deed)


def remove_file(file: DatasetFile, *, by: User, why: str = "") -> None:
    """Delete one file; gone already is fine. Raises Forbidden, Gone."""
    check_manages(by, file.dataset.booking)

    def deed() -> None:
        dataset = locked(file.dataset)
        row = dataset.files.filter(pk=file.pk).first()
        if row is None:
            return
        record(dataset, "remove_file", by=by, why=why, name=row.name, size=row.size, sha256=row.sha256)
        forget_after_commit(row.file)
        row.delete()

    in_transaction(deed)
