"""The back office for what judges applications: to be looked at; deeds are the desk's."""

from django.contrib import admin

from calls.models import Check, PanelMember, Review, Score
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable


class ScoreInline(ReadOnlyTable):
    model = Score
    fields = ("criterion", "points")
    readonly_fields = fields


@admin.register(Check)
class CheckAdmin(ReadOnlyAdmin):
    list_display = ["at", "application", "kind", "is_passed", "by"]
    list_filter = ["kind", "is_passed"]
    search_fields = ["application__ref", "application__title", "application__receipt"]
    list_select_related = ["application__call", "by"]
    date_hierarchy = "at"


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ["ref", "application", "reviewer", "state", "submitted_at"]
    list_filter = ["state", "application__call"]
    search_fields = ["ref", "application__ref", "application__title", "reviewer__email", "reviewer__name"]
    list_select_related = ["application__call", "reviewer"]
    inlines = [ScoreInline]


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    list_display = ["review", "criterion", "points"]
    list_filter = ["points"]
    search_fields = ["review__ref", "review__application__ref"]
    list_select_related = ["review__application__call", "review__reviewer", "criterion"]


@admin.register(PanelMember)
class PanelMemberAdmin(ReadOnlyAdmin):
    list_display = ["user", "call", "created_at"]
    list_filter = ["call"]
    search_fields = ["user__email", "user__name", "call__slug"]
    list_select_related = ["user", "call"]
