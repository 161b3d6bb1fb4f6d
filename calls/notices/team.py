"""Messages about who writes an application together, and about its endorsement."""

from typing import Any

from django.urls import reverse

from calls.models import Application, Endorsement, TeamMember
from calls.querysets.application import OPEN
from portal.accounts.models import User
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute

Data = dict[str, Any]


def _invited(data: Data) -> Context | None:
    """None once the invitation was taken back or accepted, or the application is over."""
    found = TeamMember.objects.select_related("application__call", "application__applicant")
    member = found.filter(pk=data["member"], user__isnull=True, application__state__in=OPEN).first()
    if member is None:
        return None
    url = absolute(reverse("applications:join", args=[member.token]))
    return _words(member.application) | {"member": member, "url": url}


def _about(data: Data) -> Context | None:
    application = Application.objects.for_list().filter(pk=data["application"]).first()
    if application is None:
        return None
    person = User.objects.filter(pk=data["person"]).first() if "person" in data else None
    endorsement = Endorsement.objects.filter(application=application).select_related("by").first()
    return _words(application) | {"person": person, "endorsement": endorsement}


def _removed(data: Data) -> Context | None:
    """The link leads to the call: the application is not theirs to read any more."""
    context = _about(data)
    return context and context | {"url": absolute(context["call"].get_absolute_url())}


def _still_in(data: Data) -> Context | None:
    """The person, while they take part."""
    context = _about(data)
    is_in = TeamMember.objects.filter(application=data["application"], user=data["person"]).exists()
    return context if is_in else None


def _asked(data: Data) -> Context | None:
    """None once it was answered, dropped, or the application is over."""
    context = _about(data)
    if context is None or context["endorsement"] is None or context["endorsement"].is_given is not None:
        return None
    application = context["application"]
    url = absolute(reverse("applications:endorse", args=[application.ref]))
    return context | {"url": url} if application.state in OPEN else None


def _answered(is_given: bool) -> Any:
    def context(data: Data) -> Context | None:
        found = _about(data)
        stands = found is not None and found["endorsement"] and found["endorsement"].is_given is is_given
        return found if stands else None

    return context


def _words(application: Application) -> Context:
    """`title` is what the application is called; before it has a title, the call's."""
    return {
        "application": application,
        "call": application.call,
        "title": application.title or application.call.title,
        "url": absolute(application.get_absolute_url()),
    }


TEAM_INVITED = register(Kind("calls.team_invited", _invited))
TEAM_JOINED = register(Kind("calls.team_joined", _still_in))
TEAM_LEFT = register(Kind("calls.team_left", _about))
TEAM_REMOVED = register(Kind("calls.team_removed", _removed))
ENDORSEMENT_ASKED = register(Kind("calls.endorsement_asked", _asked))
ENDORSEMENT_GIVEN = register(Kind("calls.endorsement_given", _answered(is_given=True)))
ENDORSEMENT_REFUSED = register(Kind("calls.endorsement_refused", _answered(is_given=False)))
