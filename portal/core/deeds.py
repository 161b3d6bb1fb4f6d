"""What the pages of deeds share: doing one, and saying so or why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from portal.core.errors import Refused

DONE = 302


def done(request: HttpRequest, deed: Callable[[], object], success: str, form: BaseForm | None = None) -> int:
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


def done_with(request: HttpRequest, form: BaseForm, deed: Callable[[dict[str, Any]], object], success: str) -> int:
    """Do the deed with what the form was given; return DONE, or the status to show the form with (200 on GET)."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return 400
    status = done(request, lambda: deed(form.cleaned_data), success, form)
    return DONE if status == 200 else status
