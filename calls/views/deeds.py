"""What the pages of deeds share: doing one, and saying so or why not."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from portal.core.errors import Refused


def done(request: HttpRequest, deed: Callable[[], object], success: str, form: Form | None = None) -> int:
    """Do the deed and return 200, or the refusal's status with its sentences on `form` or as messages."""
    try:
        deed()
    except Refused as refusal:
        for reason in refusal.reasons:
            if form is None:
                messages.error(request, reason.message)
            else:
                form.add_error(None, reason.message)
        return refusal.status
    messages.success(request, success)
    return 200
