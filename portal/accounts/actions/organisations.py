"""Deeds on organisations: propose, verify."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.accounts import notices, rules
from portal.accounts.actions.constraints import violated
from portal.accounts.actions.memberships import add_request
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Organisation, User
from portal.accounts.states import ORGANISATION_MOVES
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Taken
from portal.core.machine import next_state
from portal.core.models import new_ref
from portal.notifications.actions import notify, reader

PAGES = {"propose", "memberships"}  # address parts that are pages of ours
FIELDS = ("name", "kind", "country", "city", "time_zone", "ror", "website")


@transaction.atomic
def propose_organisation(*, by: User, role: Role, **values: str) -> Organisation:
    """Enter an organisation (FIELDS) for staff to verify; whoever proposes it asks to be `role` there."""
    organisation = Organisation(**{field: values.get(field, "") for field in FIELDS})
    organisation.slug = _free_slug(organisation.name)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise Taken(_refusal(error)) from error
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


def _free_slug(name: str) -> str:
    """Return an address part made from the name, told apart by five letters where another has it."""
    slug = slugify(name)[:70].strip("-") or "organisation"
    is_taken = slug in PAGES or Organisation.objects.filter(slug=slug).exists()
    return f"{slug}-{new_ref().lower()[:5]}" if is_taken else slug


def _refusal(error: IntegrityError) -> Reason:
    if violated(error) == "organisation_once_a_ror":
        return Reason("ror_taken", _("An organisation with this ROR id is entered already. Ask to join that one."))
    if violated(error) == "accounts_organisation_slug_key":
        return Reason("name_taken", _("An organisation of this name was entered this moment. Look for it in the list."))
    raise error
