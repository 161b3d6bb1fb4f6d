"""The back office for pictures: search and look; they are written on the pages of the portal."""

from django.contrib import admin

from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable
from portal.stories.models import Picture, Variant


class VariantInline(ReadOnlyTable):
    model = Variant
    fields = ("format", "width", "height", "size", "digest")
    readonly_fields = fields


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ["alt", "story", "event", "instrument", "state", "attempts", "width", "height", "size", "sent_by"]
    list_filter = ["state", "ratio"]
    search_fields = ["alt_en", "alt_fr", "story__title_en", "event__title_en", "instrument__slug", "sent_by__email"]
    list_select_related = ["story", "event", "instrument", "sent_by"]
    inlines = [VariantInline]
