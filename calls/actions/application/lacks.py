"""What the samples and the endorsement of an application still lack before it can be submitted."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from calls.actions.application.endorsement import elsewhere, works_there
from calls.models import Application, Endorsement
from calls.steps import gives_hours
from portal.core.errors import Reason


def lacks_of_parts(application: Application) -> list[Reason]:
    """A reason for everything that is missing; its code is the name of the section in which to mend it."""
    samples = _samples(application) if gives_hours(application.call) else iter(())
    return [*samples, *_organisation(application)]


def _samples(application: Application) -> Iterator[Reason]:
    declared = list(application.samples.all())
    if application.has_samples and not declared:
        yield Reason("samples", _("You send samples: declare at least one."))
    if application.has_samples is False and declared:
        yield Reason(
            "samples", _("You send no samples, yet some are declared: remove them, or say that you send some.")
        )
    if any(sample.hazards for sample in declared) and not application.safety_words.strip():
        yield Reason("samples", _("Samples have hazards: say how they are handled safely."))


def _organisation(application: Application) -> Iterator[Reason]:
    if application.organisation is None:
        return
    if not works_there(application):
        yield Reason("organisation", elsewhere(application).message)
    if not application.call.needs_endorsement:
        return
    endorsement = Endorsement.objects.filter(application=application).first()
    if endorsement is None:
        yield Reason("organisation", _("Ask the focal point of your organisation to endorse the application."))
    elif endorsement.is_given is None:
        yield Reason("organisation", _("The focal point of your organisation has not endorsed the application yet."))
    elif not endorsement.is_given:
        yield Reason("organisation", _("The focal point did not endorse the application. Read why, and ask again."))
