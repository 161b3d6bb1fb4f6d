"""Files that go with an application."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.actions.application.draft import touch_step
from calls.actions.application.limits import MOST_FILES
from calls.models import Application, Attachment
from portal.audit.actions import record
from portal.core.errors import Reason, Refused, Taken
from portal.core.files import CheckedFile, forget_after_commit, kept_only_if_saved

STEP = "files"


@transaction.atomic
def attach(application: Application, checked: CheckedFile, *, by: Any) -> Attachment:
    """Keep a checked file with the application. Raises Forbidden, Refused `too_many`, Taken `attached_already`."""
    row = touch_step(application, STEP, by=by)
    if row.attachments.count() >= MOST_FILES:
        sentence = _("An application may have %(most)d files. Remove one first, or put several into one PDF.")
        raise Refused(Reason("too_many", sentence % {"most": MOST_FILES}))
    if row.attachments.filter(sha256=checked.sha256).exists():
        raise Taken(Reason("attached_already", _("This very file is attached already.")))
    attachment = Attachment(application=row, uploaded_by=by, **checked.fields)
    with kept_only_if_saved(attachment):
        attachment.save()
        record(row, "attach", by=by, attachment=attachment.pk, sha256=checked.sha256)
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, by: Any) -> None:
    """Remove a file while the application is with its people; its bytes go once that is certain."""
    row = touch_step(attachment.application, STEP, by=by)
    kept = row.attachments.filter(pk=attachment.pk).first()
    if kept is None:
        return
    record(row, "detach", by=by, attachment=kept.pk, sha256=kept.sha256)
    kept.delete()
    forget_after_commit(kept.file)
