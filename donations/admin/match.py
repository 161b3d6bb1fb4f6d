"""The back office for matches and the runs that find them: search and look."""

from django.contrib import admin

from donations.models import Match, MatchingRun
from portal.core.admin_site import ReadOnlyAdmin


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    list_display = ["ref", "need", "offer", "quantity", "state", "answer_by"]
    list_filter = ["state"]
    list_select_related = ["need", "offer"]
    search_fields = ["ref", "need__ref", "need__title", "offer__ref", "offer__title"]


@admin.register(MatchingRun)
class MatchingRunAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "asked_by", "needs", "offers", "seconds", "trouble"]
    list_select_related = ["asked_by"]
    exclude = ["pairs", "near"]
