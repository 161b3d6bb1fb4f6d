"""The back office for people: look, search, and do the deeds that actions offer."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from portal.accounts import actions as deeds
from portal.accounts.models import ApiToken, Membership, Organisation, User
from portal.accounts.requests import SignedInRequest
from portal.audit.actions import history_of
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable, RepairOnly, do_to_each


class WithHistory:
    """For admins of rows that actions write: what was done to the row, newest first."""

    @admin.display(description=_("History"))
    def history(self, row: Model) -> str:
        entries = history_of(row)
        lines = [(f"{entry.at:%Y-%m-%d %H:%M}", entry.verb, entry.by or entry.actor, entry.why) for entry in entries]
        return format_html_join("", "<p>{} {}, {} {}</p>", lines)


class MembershipInline(ReadOnlyTable):
    model = Membership
    fields = ("organisation", "role", "state", "created_at")
    readonly_fields = fields


def standing(flag: str, value: bool, words: Any) -> Callable[..., None]:
    """An admin action that gives or takes one of an account's standings."""

    @admin.action(description=words)
    def deed(model_admin: ReadOnlyAdmin, request: SignedInRequest, rows: QuerySet[User]) -> None:
        do_to_each(request, rows, lambda user: deeds.set_standing(user, flag, value, by=request.user))

    return deed


@admin.register(User)
class UserAdmin(WithHistory, ReadOnlyAdmin):
    list_display = ["email", "name", "country", "is_active", "is_staff", "is_superuser", "joined_at"]
    list_filter = ["is_active", "is_staff", "is_superuser", "career_stage", "language"]
    search_fields = ["email", "name", "orcid"]
    ordering = ["-pk"]
    fields = [
        "email",
        "name",
        "country",
        "career_stage",
        "orcid",
        "language",
        "time_zone",
        "is_active",
        "is_staff",
        "is_superuser",
        "joined_at",
        "agreed_at",
        "last_login",
        "history",
    ]
    readonly_fields = ["history"]
    inlines = [MembershipInline]
    actions = ["make_staff", "end_staff", "make_admin", "end_admin", "close", "reopen"]

    make_staff = standing("is_staff", True, _("Make staff"))
    end_staff = standing("is_staff", False, _("End being staff"))
    make_admin = standing("is_superuser", True, _("Make admin"))
    end_admin = standing("is_superuser", False, _("End being admin"))
    close = standing("is_active", False, _("Close the account"))
    reopen = standing("is_active", True, _("Open the account again"))


@admin.register(Organisation)
class OrganisationAdmin(WithHistory, RepairOnly, admin.ModelAdmin[Organisation]):
    """Its description is reference data and may be repaired here; its state moves by the deed."""

    list_display = ["name", "kind", "country", "city", "ror", "state"]
    list_filter = ["state", "kind", "country"]
    search_fields = ["name", "former_names", "other_names", "city", "ror", "slug"]
    fields = [
        "name",
        "former_names",
        "other_names",
        "slug",
        "kind",
        "country",
        "city",
        "time_zone",
        "ror",
        "website",
        "summary_en",
        "summary_fr",
        "state",
        "merged_into",
        "history",
    ]
    readonly_fields = ["slug", "former_names", "other_names", "state", "merged_into", "history"]
    actions = ["verify"]

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """Write through the action: the same lock, checks and history as at the desk."""
        typed = {name: form.cleaned_data[name] for name in form.changed_data}
        deeds.change_organisation(obj, by=cast(User, request.user), **typed)

    @admin.action(description=_("Verify"))
    def verify(self, request: SignedInRequest, rows: QuerySet[Organisation]) -> None:
        do_to_each(request, rows, lambda row: deeds.verify_organisation(row, by=request.user))


@admin.register(Membership)
class MembershipAdmin(WithHistory, ReadOnlyAdmin):
    list_display = ["user", "organisation", "role", "state", "created_at"]
    list_filter = ["state", "role"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__email", "user__name", "organisation__name"]
    ordering = ["-pk"]
    fields = ["user", "organisation", "role", "state", "created_at", "history"]
    readonly_fields = ["history"]
    actions = ["confirm", "refuse", "end"]

    @admin.action(description=_("Confirm"))
    def confirm(self, request: SignedInRequest, rows: QuerySet[Membership]) -> None:
        do_to_each(request, rows, lambda row: deeds.confirm_membership(row, by=request.user))

    @admin.action(description=_("Refuse"))
    def refuse(self, request: SignedInRequest, rows: QuerySet[Membership]) -> None:
        do_to_each(request, rows, lambda row: deeds.refuse_membership(row, by=request.user))

    @admin.action(description=_("End"))
    def end(self, request: SignedInRequest, rows: QuerySet[Membership]) -> None:
        do_to_each(request, rows, lambda row: deeds.end_membership(row, by=request.user))


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "can_write", "last_used_on", "created_at"]
    list_filter = ["can_write"]
    list_select_related = ["user"]
    search_fields = ["name", "user__email"]
    ordering = ["-pk"]
    actions = ["revoke"]

    @admin.action(description=_("Revoke"))
    def revoke(self, request: SignedInRequest, rows: QuerySet[ApiToken]) -> None:
        do_to_each(request, rows, lambda token: deeds.revoke_token(token, by=request.user))
