"""The back office for pages: search, look. They are written at the desk."""

from django.contrib import admin

from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable
from portal.stories.models import Page, PageVersion


class VersionInline(ReadOnlyTable):
    model = PageVersion
    fields = ("number", "note", "made_at", "made_by")
    readonly_fields = fields
    show_change_link = False


@admin.register(Page)
class PageAdmin(ReadOnlyAdmin):
    list_display = ["title", "slug", "section", "position", "version", "is_shown", "updated_at"]
    list_filter = ["section", "is_shown"]
    search_fields = ["slug", "title_en", "title_fr", "body_en", "body_fr"]
    inlines = [VersionInline]
