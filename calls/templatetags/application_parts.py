"""What templates show beside the words of an application."""

from typing import Any

from django import template

from calls.models import Application, Endorsement
from calls.querysets.application import OPEN

register = template.Library()


@register.simple_tag
def parts_of(application: Application) -> dict[str, Any]:
    """Samples, team, files and endorsement, in four statements whatever their number."""
    return {
        "samples": list(application.samples.all()),
        "team": list(application.team.select_related("user")),
        "files": list(application.attachments.all()),
        "is_open": application.state in OPEN,
        "endorsement": Endorsement.objects.filter(application=application).select_related("by").first(),
    }
