"""What an application still lacks before it can be submitted."""

from calls.models import Application
from calls.steps import is_complete, steps_of
from portal.core.errors import Reason


def missing_parts(application: Application) -> list[Reason]:
    """A reason for each section that is not complete; its code is the section's name."""
    return [
        Reason(step.name, str(step.title)) for step in steps_of(application.call) if not is_complete(application, step)
    ]
