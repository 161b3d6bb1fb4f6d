"""Who may do what to applications.

Deeds ask `may`, not `has_perm`: admins hold every permission, and nobody judges what they are part of.
"""

from typing import Any

import rules

from calls.enums import TeamRole
from calls.models import Application
from calls.rules.award import is_staff
from portal.accounts.enums import Role


@rules.predicate
def is_applicant(user: Any, application: Application | None) -> bool:
    return bool(application is not None and user.is_authenticated and application.applicant_id == user.pk)


@rules.predicate
def is_part_of(user: Any, application: Application | None) -> bool:
    """The applicant, or somebody who accepted to take part."""
    return is_applicant(user, application) or _in_team(user, application)


@rules.predicate
def writes(user: Any, application: Application | None) -> bool:
    """The applicant, or a co-applicant who may write."""
    return is_applicant(user, application) or _in_team(user, application, role=TeamRole.EDIT)


@rules.predicate
def is_open_to_writing(user: Any, application: Application | None) -> bool:
    return application is not None and application.is_with_applicant


@rules.predicate
def sees(user: Any, application: Application | None) -> bool:
    return application is not None and Application.objects.visible_to(user).filter(pk=application.pk).exists()


@rules.predicate
def leads_its_organisation(user: Any, application: Application | None) -> bool:
    """A focal point of the organisation named; staff stand in where it has none beside the application's people."""
    if application is None or application.organisation_id is None or not user.is_authenticated:
        return False
    if user.memberships.held_by(user, application.organisation_id, Role.FOCAL_POINT).exists():
        return True
    return is_staff(user) and not _focal_points(application)


@rules.predicate
def runs_its_instrument(user: Any, application: Application | None) -> bool:
    """An operator of the laboratory whose instrument is asked for."""
    if application is None or application.instrument is None or not user.is_authenticated:
        return False
    return user.memberships.held_by(user, application.instrument.organisation_id, Role.OPERATOR).exists()


MAY = {
    "view_application": sees,
    "edit_application": writes & is_open_to_writing,
    "submit_application": is_applicant,
    "withdraw_application": is_applicant,
    "endorse_application": leads_its_organisation & ~is_part_of,
    "screen_application": is_staff & ~is_part_of,
    "check_feasibility": runs_its_instrument & ~is_part_of,
    "prepare_outcome": is_staff & ~is_part_of,
}
for _name, _predicate in MAY.items():
    rules.add_perm(f"calls.{_name}", _predicate)


def may(user: Any, name: str, application: Application) -> bool:
    """Whether `user` may do what `name` (a key of MAY) says, as an admin too only by their part in it."""
    return bool(user.is_active and MAY[name].test(user, application))


def _in_team(user: Any, application: Application | None, **asked: Any) -> bool:
    if application is None or not user.is_authenticated:
        return False
    return application.team.filter(user=user, accepted_at__isnull=False, **asked).exists()


def _focal_points(application: Application) -> bool:
    """Whether the organisation has a focal point who is not part of the application."""
    organisation = application.organisation
    if organisation is None:
        return False
    held = organisation.memberships.confirmed().filter(role=Role.FOCAL_POINT, user__is_active=True)
    team = application.team.filter(user__isnull=False).values("user")
    return bool(held.exclude(user=application.applicant_id).exclude(user__in=team).exists())
