"""The back office for applications: search and look; what is written and judged moves on the pages of the portal."""

from django.contrib import admin

from calls.models import Application, ApplicationSample, Attachment, Endorsement, TeamMember
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyTable


class TeamInline(ReadOnlyTable):
    """The secret link stays with the person it was sent to."""

    model = TeamMember
    fields = ("address", "role", "user", "accepted_at")
    readonly_fields = fields


class EndorsementInline(ReadOnlyTable):
    model = Endorsement
    fields = ("is_given", "note", "by", "at", "created_at")
    readonly_fields = fields


class SampleInline(ReadOnlyTable):
    model = ApplicationSample
    fields = ("label", "composition", "form", "quantity", "hazards", "is_return_wanted")
    readonly_fields = fields


class AttachmentInline(ReadOnlyTable):
    model = Attachment
    fields = ("name", "content_type", "size", "sha256", "uploaded_by")
    readonly_fields = fields


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ["ref", "receipt", "title", "applicant", "call", "state", "submitted_at", "answer_by"]
    list_filter = ["state", "call"]
    search_fields = ["ref", "receipt", "title", "applicant__email", "applicant__name", "organisation__name"]
    list_select_related = ["applicant", "call"]
    date_hierarchy = "submitted_at"
    inlines = [TeamInline, EndorsementInline, SampleInline, AttachmentInline]
