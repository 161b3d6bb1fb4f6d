"""The word of the organisation's focal point for an application. Where it has none, staff give it."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.actions.application.limits import hold_back
from calls.actions.application.locks import locked
from calls.actions.application.telling import people_of, tell
from calls.models import Application, Endorsement
from calls.notices import team as notices
from calls.querysets.application import OPEN
from calls.rules.application import may
from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, Taken


@transaction.atomic
def ask(application: Application, *, by: Any) -> Endorsement:
    """Ask the focal points of the application's organisation; asked or given already, nothing changes.

    After a refusal it can be asked for again. Raises Forbidden, TooOften, Refused `no_organisation` or `elsewhere`.
    """
    row = locked(application)
    if not may(by, "edit_application", row):
        raise Forbidden
    if row.organisation is None:
        raise Refused(Reason("no_organisation", _("Choose your organisation first.")))
    if not works_there(row):
        raise Refused(elsewhere(row))
    endorsement = Endorsement.objects.filter(application=row).first()
    if endorsement is not None and endorsement.is_given is not False:
        return endorsement
    hold_back(row, "ask_endorsement")
    endorsement = endorsement or Endorsement(application=row)
    endorsement.is_given, endorsement.note, endorsement.by, endorsement.at = None, "", None, None
    endorsement.save()
    entry = record(row, "ask_endorsement", by=by, organisation=row.organisation_id)
    tell(notices.ENDORSEMENT_ASKED, row, who_answers(row), entry)
    return endorsement


@transaction.atomic
def answer(application: Application, *, is_given: bool, note: str = "", by: Any) -> Endorsement:
    """A focal point endorses the application or does not, which needs a note. Its people are told.

    Raises Forbidden, Refused `not_asked`, `no_note` or `over`, Taken `answered_already`.
    """
    row = locked(application)
    if not may(by, "endorse_application", row):
        raise Forbidden
    endorsement = Endorsement.objects.filter(application=row).first()
    if endorsement is None:
        raise Refused(Reason("not_asked", _("Nobody has asked for this endorsement.")))
    if endorsement.is_given is not None:
        if (endorsement.is_given, endorsement.by_id) == (is_given, by.pk):
            return endorsement
        raise Taken(Reason("answered_already", _("This request has been answered already.")))
    if row.state not in OPEN:
        raise Refused(Reason("over", _("This application is over, so there is nothing to endorse.")))
    if not is_given and not note.strip():
        raise Refused(Reason("no_note", _("Say why; the applicant reads it.")))
    endorsement.is_given, endorsement.note, endorsement.by, endorsement.at = is_given, note.strip(), by, timezone.now()
    endorsement.save()
    entry = record(row, "endorse" if is_given else "refuse_endorsement", by=by, why=endorsement.note)
    kind = notices.ENDORSEMENT_GIVEN if is_given else notices.ENDORSEMENT_REFUSED
    tell(kind, row, people_of(row), entry)
    return endorsement


def follow_organisation(application: Application, *, by: Any) -> None:
    """After the organisation of a locked application changed: the old one's word counts no longer.

    Raises Refused `elsewhere` when the applicant does not work at the new one.
    """
    if application.organisation is not None and not works_there(application):
        raise Refused(elsewhere(application))
    dropped, _per_model = Endorsement.objects.filter(application=application).delete()
    if dropped:
        record(application, "drop_endorsement", by=by)


def works_there(application: Application) -> bool:
    """Whether the applicant is a confirmed member of the application's organisation, which is verified."""
    organisation = application.organisation
    if organisation is None or organisation.state != OrganisationState.VERIFIED:
        return False
    return bool(organisation.memberships.held_by(application.applicant, organisation.pk).exists())


def elsewhere(application: Application) -> Reason:
    sentence = _("%(person)s is not a confirmed member of %(organisation)s. Choose another organisation, or join it.")
    words = {"person": application.applicant, "organisation": application.organisation}
    return Reason("elsewhere", sentence % words)


def who_answers(application: Application) -> list[User]:
    """The focal points of its organisation, else staff; never one of its people."""
    team = application.team.filter(user__isnull=False).values("user")
    others = User.objects.filter(is_active=True).exclude(Q(pk=application.applicant_id) | Q(pk__in=team)).order_by("pk")
    led = {
        "memberships__organisation": application.organisation_id,
        "memberships__role": Role.FOCAL_POINT,
        "memberships__state": MembershipState.CONFIRMED,
    }
    return list(others.filter(**led).distinct()) or list(others.filter(is_staff=True))
