"""What an application still lacks, or asks too much of, before it can be submitted."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from calls.actions.application.lacks import lacks_of_parts
from calls.models import Application, Call
from calls.steps import gives_hours, is_complete, steps_of
from instruments.models import Instrument, Technique
from portal.core.errors import Reason
from portal.core.times import hours_text


def missing_parts(application: Application) -> list[Reason]:
    """A reason for each section that is not complete or lacks something; its code is the section's name."""
    unfinished = [
        Reason(step.name, _("Not finished: %(section)s.") % {"section": step.title})
        for step in steps_of(application.call)
        if not is_complete(application, step)
    ]
    return unfinished + lacks_of_parts(application)


def out_of_bounds(application: Application) -> list[Reason]:
    """What the call does not allow in it: an instrument it does not offer, more time than it gives."""
    call = application.call
    if not gives_hours(call):
        return []
    reasons = []
    if application.instrument is not None and not instruments_to_choose(call).contains(application.instrument):
        reasons.append(Reason("instrument", _("The instrument you chose is not offered by this call any more.")))
    most = most_minutes(application)
    if most is not None and application.minutes_requested > most:
        sentence = _("This call gives at most %(hours)s to one application.")
        reasons.append(Reason("instrument", sentence % {"hours": hours_text(most)}))
    return reasons


def most_minutes(application: Application) -> int | None:
    """The most one application to this call may ask for; None where it says nothing."""
    said = [minutes for minutes in (application.call.most_minutes, application.call.minutes_offered) if minutes]
    return min(said, default=None)


def instruments_to_choose(call: Call) -> QuerySet[Instrument]:
    """The instruments of a call; where it names none, those of its techniques, of what the public sees."""
    public = Instrument.objects.public()
    if call.instruments.exists():
        return public.filter(calls=call)
    below = Q()
    for path in call.techniques.values_list("path", flat=True):
        below |= Q(path=path) | Q(path__startswith=f"{path}/")
    return public.filter(techniques__in=Technique.objects.filter(below)).distinct() if below else public
