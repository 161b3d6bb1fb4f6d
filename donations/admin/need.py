"""The back office for needs and photographs: search and look; what is written moves on the pages of the portal."""

from django.contrib import admin

from donations.models import GateCheck, Need, Photo, Requirement
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable


class RequirementInline(ReadOnlyTable):
    model = Requirement


class CheckInline(ReadOnlyTable):
    model = GateCheck
    fields = ("point", "verdict", "note", "by", "at")
    readonly_fields = fields


class PhotoInline(ReadOnlyTable):
    model = Photo
    fields = ("name", "alt", "width", "height", "size", "by")
    readonly_fields = fields


@admin.register(Need)
class NeedAdmin(ReadOnlyAdmin):
    list_display = ["ref", "title", "organisation", "category", "state", "quantity", "quantity_matched", "expires_on"]
    list_filter = ["state", "category"]
    search_fields = ["ref", "title", "organisation__name", "asked_by__email", "asked_by__name"]
    list_select_related = ["organisation", "category"]
    date_hierarchy = "public_at"
    inlines = [RequirementInline, CheckInline, PhotoInline]
