"""The back office of follow-ups and pledges: search and look; deeds are done on their pages."""

from django.contrib import admin

from donations.models import FollowUp, Pledge
from portal.core.admin_site import ReadOnlyAdmin


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin):
    list_display = ["match", "months", "due_on", "state", "in_use", "help", "helped_at"]
    list_filter = ["state", "in_use", "months"]
    list_select_related = ["match__offer", "match__need"]
    search_fields = ["match__ref", "match__offer__title", "match__need__organisation__name"]
    exclude = ["token"]
    date_hierarchy = "due_on"


@admin.register(Pledge)
class PledgeAdmin(ReadOnlyAdmin):
    list_display = ["ref", "donor", "organisation", "kind", "state", "amount_eur", "spent_eur", "valid_until"]
    list_filter = ["state", "kind"]
    list_select_related = ["donor", "organisation"]
    search_fields = ["ref", "donor__email", "donor__name", "organisation__name"]
