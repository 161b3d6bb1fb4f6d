"""Deeds on organisations: propose, verify, change what is said of them."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts import notices, rules
from portal.accounts.actions.memberships import add_request
from portal.accounts.actions.slugs import free_slugs
from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.accounts.models import Organisation, User
from portal.accounts.states import ORGANISATION_MOVES
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, Taken
from portal.core.machine import next_state
from portal.core.retry import broken_constraint
from portal.notifications.actions import notify, reader

FIELDS = ("name", "kind", "country", "city", "time_zone", "ror", "website")
SAID = (*FIELDS, "former_names", "other_names", "summary_en", "summary_fr")  # what staff may change


@transaction.atomic
def propose_organisation(*, by: User, role: Role, **values: str) -> Organisation:
    """Enter an organisation (FIELDS) for staff to verify; whoever proposes it asks to be `role` there."""
    organisation = Organisation(**{field: values.get(field, "") for field in FIELDS})
    organisation.slug = free_slugs([organisation.name])[0]
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise Taken(refusal_of(error)) from error
    record(organisation, "propose", by=by, after=organisation.state)
    add_request(organisation, role, by=by)
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(pk=by.pk).order_by("pk")
    data = {"organisation": organisation.pk}
    notify(notices.ORGANISATION_PROPOSED, f"organisation:{organisation.pk}", [reader(user) for user in staff], data)
    return organisation


@transaction.atomic
def verify_organisation(organisation: Organisation, *, by: User) -> Organisation:
    """Make it public; those who asked to be members are told."""
    if not rules.is_staff(by):
        raise Forbidden
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before, row.state = row.state, next_state(ORGANISATION_MOVES, "verify", row.state)
    row.save(update_fields=["state", "updated_at"])
    record(row, "verify", by=by, before=before, after=row.state)
    asked = User.objects.filter(
        memberships__organisation=row, memberships__state=MembershipState.REQUESTED, is_active=True
    )
    people = [reader(user) for user in asked.distinct().order_by("pk")]
    notify(notices.ORGANISATION_VERIFIED, f"organisation:{row.pk}", people, {"organisation": row.pk})
    return row


@transaction.atomic
def change_organisation(organisation: Organisation, *, by: User, seen: str = "", **values: Any) -> Organisation:
    """Change what is said of it (SAID); its address part stays, links to it last.

    `seen`: when the entry that was read had last changed (ISO 8601). Raises Forbidden, Taken `changed_meanwhile` or
    `ror_taken`, Refused `merged`.
    """
    if not rules.is_staff(by):
        raise Forbidden
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if row.state == OrganisationState.MERGED:
        raise Refused(Reason("merged", _("This entry was merged into another in the meantime.")))
    changed = [field for field in SAID if field in values and (getattr(row, field) or "") != values[field]]
    if not changed:
        return row
    if seen and seen != row.updated_at.isoformat():
        raise Taken(
            Reason(
                "changed_meanwhile", _("Somebody changed this entry while you were typing. Compare, then save again.")
            )
        )
    for field in changed:
        setattr(row, field, values[field])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Taken(refusal_of(error)) from error
    record(row, "change", by=by, fields=changed)
    return row


def refusal_of(error: IntegrityError) -> Reason:
    """What to say where the database refused an organisation; other troubles are raised again."""
    if broken_constraint(error) == "organisation_once_a_ror":
        return Reason("ror_taken", _("An organisation with this ROR id is entered already. Ask to join that one."))
    if broken_constraint(error) == "accounts_organisation_slug_key":
        return Reason("name_taken", _("An organisation of this name was entered this moment. Look for it in the list."))
    raise error
