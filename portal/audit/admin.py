from django.contrib import admin

from portal.audit.models import Record
from portal.core.admin_site import ReadOnlyAdmin


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "actor", "model", "row_id", "verb", "before", "after", "why"]
    list_filter = ["model", "verb", "actor"]
    search_fields = ["=row_id", "by__email", "why"]
    list_select_related = ["by"]
    date_hierarchy = "at"
