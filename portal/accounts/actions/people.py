"""Deeds on accounts: joining, the profile, the verified ORCID iD, standing."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.signals import standing_changed
from portal.accounts.zones import validate_time_zone, zone_of_country
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused

PROFILE_FIELDS = ("name", "country", "career_stage", "phd_year", "gender", "orcid", "language")
STANDINGS = ("is_active", "is_staff", "is_superuser")


@transaction.atomic
def join(user: User, *, name: str, country: str, language: str, time_zone: str = "") -> User:
    """Complete a new account: who the person is, how they read, and that they agreed to the terms just now.

    Without `time_zone` the person gets the one most people in their country of work live by.
    """
    user.name, user.country, user.language = name, country, language
    user.time_zone = time_zone or zone_of_country(country)
    user.agreed_at = timezone.now()
    user.save()
    record(user, "join", by=user)
    return user


@transaction.atomic
def update_profile(user: User, *, by: User, **values: Any) -> User:
    """Change fields of the profile (PROFILE_FIELDS). The history names the fields, not what they hold."""
    if by.pk != user.pk:
        raise Forbidden
    row = User.objects.select_for_update().get(pk=user.pk)
    changed = [field for field in PROFILE_FIELDS if field in values and getattr(row, field) != values[field]]
    if "orcid" in changed and (taken := _orcid_refusal(row, values["orcid"])):
        raise Refused(taken)
    if changed:
        for field in changed:
            setattr(row, field, values[field])
        row.save(update_fields=changed)
        record(row, "update_profile", by=by, fields=changed)
    return row


def _orcid_refusal(user: User, orcid: str) -> Reason | None:
    """Why the iD cannot be typed in: it was verified by signing in, or another account has it."""
    if user.has_verified_orcid:
        return Reason("orcid_verified", _("Your iD came from ORCID itself and cannot be changed by hand."))
    if orcid and User.objects.filter(orcid=orcid).exclude(pk=user.pk).exists():
        return Reason(
            "orcid_taken",
            _("Another account has this ORCID iD. If it is yours, connect your account with ORCID: that settles it."),
        )
    return None


@transaction.atomic
def take_orcid(user: User, orcid: str) -> None:
    """Store the iD that ORCID vouched for. An account that had merely typed it loses it."""
    for other in User.objects.select_for_update().filter(orcid=orcid).exclude(pk=user.pk):
        other.orcid = ""
        other.save(update_fields=["orcid"])
        record(other, "lose_orcid", by=user, why="verified by another account")
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.orcid != orcid:
        row.orcid = orcid
        row.save(update_fields=["orcid"])
        record(row, "take_orcid", by=user)
    user.orcid = orcid


@transaction.atomic
def set_time_zone(user: User, zone: str, *, by: User) -> None:
    """Show this person their times in `zone` (IANA name). ValidationError for an unknown one."""
    validate_time_zone(zone)
    if by.pk != user.pk:
        raise Forbidden
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.time_zone != zone:
        before, row.time_zone = row.time_zone, zone
        row.save(update_fields=["time_zone"])
        record(row, "set_time_zone", by=by, before=before[:40], after=zone[:40])
    user.time_zone = zone


@transaction.atomic
def set_standing(user: User, standing: str, value: bool, *, by: User) -> User:
    """Let admins open or close an account, the desk (staff) or the back office (admin), never their own."""
    if standing not in STANDINGS:
        raise ValueError(standing)
    if not by.is_superuser:
        raise Forbidden
    if by.pk == user.pk:
        raise Forbidden(_("Ask another admin: nobody changes their own standing."))
    row = User.objects.select_for_update().get(pk=user.pk)
    before = getattr(row, standing)
    if before == value:
        return row
    setattr(row, standing, value)
    if standing == "is_superuser" and value:
        row.is_staff = True  # admins may all that staff may
    row.save(update_fields=["is_active", "is_staff", "is_superuser"])
    record(row, standing, by=by, before=str(before).lower(), after=str(value).lower())
    standing_changed.send(User, user=row, by=by)
    return row
