"""The back office: Django's own admin for admins only; staff work at /desk/."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin, StackedInline, TabularInline
from django.contrib.admin.apps import AdminConfig
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Refused

Row = TypeVar("Row")


class PortalAdminConfig(AdminConfig):
    default_site = "portal.core.admin_site.PortalAdminSite"


class PortalAdminSite(AdminSite):
    site_header = _("Back office")
    site_title = _("Back office")
    index_title = _("Accounts, reference data, repair")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


class RepairOnly:
    """Mixin for rows that may be repaired here, and are neither added nor deleted."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class KeptWhileUsed:
    """Mixin for reference data that may be added to: what any row points to is not deleted, nor anything in bulk."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is not None and not any(
            relation.related_model._base_manager.filter(**{relation.field.name: obj.pk}).exists()
            for relation in obj._meta.related_objects
        )


class ReadOnly(RepairOnly):
    """Mixin for rows that only actions write: to be looked at and searched, not typed over."""

    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, ModelAdmin):
    pass


class ReadOnlyTable(ReadOnly, TabularInline):
    pass


class ReadOnlyBlocks(ReadOnly, StackedInline):
    pass


def do_to_each(request: HttpRequest, rows: Iterable[Row], deed: Callable[[Row], object]) -> None:
    """Do `deed` to every row that was ticked; a refusal is shown and stops none of the others."""
    done = 0
    for row in rows:
        try:
            deed(row)
        except Refused as refusal:
            messages.error(request, f"{row}: {refusal}")
        else:
            done += 1
    if done:
        messages.success(request, _("Done: %(count)d.") % {"count": done})
