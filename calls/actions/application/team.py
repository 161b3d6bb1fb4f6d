"""Who writes an application together: invited by mail, in once they accept, signed in with whatever account."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.actions.application.draft import touch_step
from calls.actions.application.limits import MOST_TEAM, hold_back
from calls.actions.application.locks import locked
from calls.actions.application.telling import tell
from calls.enums import ReviewState, TeamRole
from calls.models import Application, TeamMember
from calls.notices import team as notices
from calls.querysets.application import OPEN
from calls.rules.application import is_applicant
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, Taken
from portal.core.retry import broken_constraint
from portal.notifications.actions import Recipient, notify

STEP = "team"


@transaction.atomic
def invite(application: Application, address: str, role: TeamRole, *, by: Any) -> TeamMember:
    """The applicant invites somebody by mail. What is answered does not depend on whether they have an account.

    Raises Forbidden, TooOften, Refused `yourself` or `too_many`, Taken `invited_already`.
    """
    row = _own(application, by)
    address = address.strip().lower()
    if address == by.email:
        raise Refused(Reason("yourself", _("This is your own address: you are in the team as the applicant.")))
    if row.team.count() >= MOST_TEAM:
        sentence = _("A team may have %(most)d co-applicants. Remove somebody first.")
        raise Refused(Reason("too_many", sentence % {"most": MOST_TEAM}))
    hold_back(row, "invite")
    try:
        with transaction.atomic():
            member = TeamMember.objects.create(application=row, address=address, role=role)
    except IntegrityError as error:
        if broken_constraint(error) != "team_once_an_address":
            raise
        raise Taken(Reason("invited_already", _("Somebody with this address is in the team already."))) from error
    record(row, "invite", by=by, member=member.pk, role=role)
    notify(notices.TEAM_INVITED, f"member:{member.pk}", [_invited(address, by)], {"member": member.pk})
    return member


@transaction.atomic
def accept(member: TeamMember, *, by: Any) -> TeamMember:
    """Whoever holds the link takes part from now on; done twice by the same person, once.

    Raises Refused `taken_by_another`, `yourself`, `in_team_already`, `over` or `judges_it`.
    """
    application = locked(member.application)
    row = TeamMember.objects.select_for_update().get(pk=member.pk)
    row.application = application
    if row.user_id == by.pk:
        return row
    if reasons := reasons_not_to_join(row, by):
        raise Refused(*reasons)
    row.user, row.accepted_at = by, timezone.now()
    row.save()
    entry = record(application, "join", by=by, member=row.pk, role=row.role)
    tell(notices.TEAM_JOINED, application, [application.applicant], entry, person=by.pk)
    return row


def reasons_not_to_join(member: TeamMember, person: Any) -> list[Reason]:
    """Why this person may not accept this invitation; empty when they may."""
    application = member.application
    judged = application.reviews.exclude(state=ReviewState.CONFLICT).filter(reviewer=person).exists()
    judged = judged or application.checks.filter(by=person).exists()
    judged = judged or type(application).objects.filter(pk=application.pk, endorsement__by=person).exists()
    checks = [
        (member.user_id in (None, person.pk), "taken_by_another", _("Somebody else has accepted this invitation.")),
        (application.applicant_id != person.pk, "yourself", _("This is your own application.")),
        (
            not application.team.filter(user=person).exclude(pk=member.pk).exists(),
            "in_team_already",
            _("You take part in this application already, by another invitation."),
        ),
        (application.state in OPEN, "over", _("This application is over, so nobody can join it any more.")),
        (not judged, "judges_it", _("You were asked to judge or endorse this application, so you cannot join it.")),
    ]
    return [Reason(code, sentence) for is_fine, code, sentence in checks if not is_fine]


@transaction.atomic
def change_role(member: TeamMember, role: TeamRole, *, by: Any) -> TeamMember:
    """The applicant lets a co-applicant write, or read only."""
    row = _own(member.application, by)
    kept = row.team.select_for_update().filter(pk=member.pk).first()
    if kept is None:
        raise Refused(Reason("gone", _("This person is not in the team any more.")))
    member = kept
    if member.role != role:
        before, member.role = member.role, role
        member.save(update_fields=["role", "updated_at"])
        record(row, "change_role", by=by, before=before, after=role, member=member.pk)
    return member


@transaction.atomic
def remove(member: TeamMember, *, by: Any) -> None:
    """The applicant takes somebody out of the team, or an invitation back; who took part is told."""
    row = _own(member.application, by)
    gone = row.team.filter(pk=member.pk).select_related("user").first()
    if gone is None:
        return
    gone.delete()
    entry = record(row, "remove_member", by=by, member=member.pk)
    if gone.user is not None:
        tell(notices.TEAM_REMOVED, row, [gone.user], entry)


@transaction.atomic
def leave(application: Application, *, by: Any) -> None:
    """A co-applicant takes part no longer; the applicant is told. Raises Forbidden to who is none, Refused `over`."""
    row = locked(application)
    member = row.team.filter(user=by).first()
    if member is None:
        raise Forbidden
    if row.state not in OPEN:
        raise Refused(Reason("over", _("This application is over; its team stays as it was.")))
    member.delete()
    entry = record(row, "leave", by=by, member=member.pk)
    tell(notices.TEAM_LEFT, row, [row.applicant], entry, person=by.pk)


def _own(application: Application, by: Any) -> Application:
    """The locked application, if it is with `by`, its applicant."""
    row = touch_step(application, STEP, by=by)
    if not is_applicant(by, row):
        raise Forbidden(_("Only the applicant chooses who takes part."))
    return row


def _invited(address: str, by: Any) -> Recipient:
    """Written to in the language of their account if they have one, else in that of who invites."""
    person = User.objects.filter(email=address, is_active=True).first() or by
    return Recipient(address, person.language, person.time_zone)
