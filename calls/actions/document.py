"""Deeds on the files that go with a call."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.actions.call import locked_draft
from calls.models import Call, CallDocument
from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.files import CheckedFile, forget_after_commit, kept_only_if_saved

MOST_DOCUMENTS = 10


@transaction.atomic
def add_document(call: Call, title: str, file: CheckedFile, *, by: Any) -> CallDocument:
    """Put a checked file to a draft. Raises Forbidden, Refused `not_a_draft`, `too_many`, `known_document`."""
    call = locked_draft(call, by=by)
    kept = list(call.documents.values_list("sha256", flat=True))
    if len(kept) >= MOST_DOCUMENTS:
        sentence = _("A call has room for %(most)d documents. Remove one first.") % {"most": MOST_DOCUMENTS}
        raise Refused(Reason("too_many", sentence))
    if file.sha256 in kept:
        raise Refused(Reason("known_document", _("This call has this very file already.")))
    document = CallDocument(call=call, title=title, **file.fields)
    with kept_only_if_saved(document):
        document.save()
        record(call, "add_document", by=by, before=call.state, after=call.state, name=file.name, sha256=file.sha256)
    return document


@transaction.atomic
def remove_document(document: CallDocument, *, by: Any) -> None:
    """Take a file from a draft; twice is once. Raises Forbidden, Refused `not_a_draft`."""
    call = locked_draft(document.call, by=by)
    kept = call.documents.filter(pk=document.pk).first()
    if kept is None:
        return
    record(call, "remove_document", by=by, before=call.state, after=call.state, name=kept.name)
    forget_after_commit(kept.file)
    kept.delete()
