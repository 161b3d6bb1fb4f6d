"""What stands beside the fields of a section, and where its further buttons lead."""

from typing import Any

from django.urls import reverse

from calls.actions.application.endorsement import works_there
from calls.actions.application.limits import MOST_FILES, MOST_SAMPLES, MOST_TEAM
from calls.enums import TeamRole
from calls.forms.parts import UploadForm
from calls.models import Application, Endorsement
from calls.rules.application import is_applicant
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation

AFTER = {"samples": "applications:sample_add", "team": "applications:invite"}


def beside(application: Application, step: str, user: Any) -> dict[str, Any]:
    """What the page of a section shows beside its own fields."""
    found = {"samples": _samples, "team": _team, "organisation": _organisation, "files": _files}.get(step)
    return {"version": application.version_of(step), **(found(application, user) if found else {})}


def leads_to(application: Application, step: str) -> str:
    """Where the second button of a section leads: to the page that adds something to it, or back to the section."""
    if step in AFTER:
        return reverse(AFTER[step], args=[application.ref])
    return reverse("applications:step", args=[application.ref, step])


def _samples(application: Application, user: Any) -> dict[str, Any]:
    samples = list(application.samples.all())
    return {"samples": samples, "is_full": len(samples) >= MOST_SAMPLES}


def _team(application: Application, user: Any) -> dict[str, Any]:
    team = list(application.team.select_related("user"))
    return {
        "team": team,
        "roles": TeamRole.choices,
        "is_own": is_applicant(user, application),
        "is_full": len(team) >= MOST_TEAM,
    }


def _organisation(application: Application, user: Any) -> dict[str, Any]:
    places = Organisation.objects.where(application.applicant).filter(state=OrganisationState.VERIFIED)
    return {
        "endorsement": endorsement_of(application),
        "can_ask": works_there(application),
        "has_places": places.exists(),
    }


def _files(application: Application, user: Any) -> dict[str, Any]:
    files = list(application.attachments.all())
    return {"files": files, "is_full": len(files) >= MOST_FILES, "upload": UploadForm()}


def endorsement_of(application: Application) -> Endorsement | None:
    return Endorsement.objects.filter(application=application).select_related("by").first()
