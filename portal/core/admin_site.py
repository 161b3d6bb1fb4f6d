"""The back office: Django's own admin for admins only; staff work at /desk/."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PortalAdminConfig(AdminConfig):
    default_site = "portal.core.admin_site.PortalAdminSite"


class PortalAdminSite(AdminSite):
    site_header = _("Back office")
    site_title = _("Back office")
    index_title = _("Accounts, reference data, repair")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


class ReadOnlyAdmin(ModelAdmin):
    """Rows that only actions write: to be looked at and searched, not typed over."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
