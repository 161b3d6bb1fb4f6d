"""Invented rows belong into demos: whoever wants them elsewhere has to say so."""

from django.conf import settings
from django.core.management.base import CommandError


def refuse_outside_demo(*, force: bool) -> None:
    """Raises CommandError with one sentence unless this is a demo or the person insists."""
    if not (settings.DEMO or force):
        raise CommandError(
            "This loads invented people, some with a password everybody knows: "
            "set DEMO=1, or give --force if that is what you want."
        )
