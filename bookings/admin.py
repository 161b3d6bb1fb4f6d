"""The back office for bookings and sessions: search and look; deeds go through the same actions as the pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.actions.calendar import revoke_calendar
from bookings.actions.changes import cancel_booking, confirm_booking
from bookings.models import (
    Attendance,
    Booking,
    CalendarFeed,
    Dataset,
    DatasetFile,
    Guest,
    Outcome,
    Sample,
    Session,
    SessionReport,
    StandbyEntry,
    Upload,
    WaitlistEntry,
)
from bookings.querysets import BookingQuerySet
from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import ReadOnlyAdmin, ReadOnlyBlocks, ReadOnlyTable, do_to_each


class SessionInline(ReadOnlyBlocks):
    model = Session


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    list_display = ["ref", "instrument", "unit", "period", "organisation", "booked_by", "state"]
    list_filter = ["state", "instrument"]
    search_fields = ["ref", "instrument__name", "organisation__name", "booked_by__email", "award__ref"]
    list_select_related = ["instrument", "unit__instrument", "organisation", "booked_by"]
    inlines = [SessionInline]
    actions = ["confirm", "cancel"]

    @admin.action(description=_("Confirm"), permissions=["view"])
    def confirm(self, request: SignedInRequest, rows: BookingQuerySet) -> None:
        do_to_each(request, rows.for_page(), lambda booking: confirm_booking(booking, by=request.user))

    @admin.action(description=_("Cancel, all hours return"), permissions=["view"])
    def cancel(self, request: SignedInRequest, rows: BookingQuerySet) -> None:
        do_to_each(request, rows.for_page(), lambda booking: cancel_booking(booking, by=request.user))


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ["booking", "state", "starts_at", "ends_at", "opened_at", "closed_at"]
    list_filter = ["state"]
    search_fields = ["booking__ref"]
    list_select_related = ["booking"]
    date_hierarchy = "starts_at"


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = [
        "award", "structures_solved", "theses", "people_trained", "women_trained", "may_become_story", "reported_at",
    ]  # fmt: skip
    list_filter = ["may_become_story"]
    search_fields = ["award__ref", "award__title", "summary"]
    list_select_related = ["award"]
    date_hierarchy = "reported_at"


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """Who has a link to what; its address is nobody's but the owner's."""

    list_display = ["user", "instrument", "created_at", "revoked_at"]
    search_fields = ["user__email", "instrument__name"]
    list_select_related = ["user", "instrument"]
    fields = ["user", "instrument", "created_at", "revoked_at"]
    actions = ["revoke"]

    @admin.action(description=_("Revoke"))
    def revoke(self, request: SignedInRequest, rows: QuerySet[CalendarFeed]) -> None:
        do_to_each(request, rows, lambda feed: revoke_calendar(feed, by=request.user))


@admin.register(WaitlistEntry)
class WaitlistAdmin(ReadOnlyAdmin):
    list_display = ["ref", "organisation", "asked_by", "window", "minutes", "state", "created_at"]
    list_filter = ["state"]
    search_fields = ["ref", "organisation__name", "asked_by__email", "awards__ref"]
    list_select_related = ["organisation", "asked_by"]
    date_hierarchy = "created_at"


@admin.register(StandbyEntry)
class StandbyAdmin(ReadOnlyAdmin):
    list_display = ["ref", "instrument", "award", "asked_by", "minutes", "until", "state", "called_at"]
    list_filter = ["state", "instrument"]
    search_fields = ["ref", "instrument__name", "asked_by__email", "award__ref"]
    list_select_related = ["instrument", "award", "asked_by"]
    date_hierarchy = "created_at"


@admin.register(Sample)
class SampleAdmin(ReadOnlyAdmin):
    list_display = ["ref", "label", "award", "state", "expected_on", "received_at", "declared_by"]
    list_filter = ["state", "form"]
    search_fields = ["ref", "label", "award__ref", "booking__ref", "declared_by__email"]
    list_select_related = ["award", "declared_by"]
    date_hierarchy = "created_at"


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyAdmin):
    """Who was at the screen of which session, from when until when, and why they went."""

    list_display = ["session", "user", "part", "joined_at", "seen_at", "left_at", "left_why"]
    list_filter = ["part", "left_why"]
    search_fields = ["session__booking__ref", "user__email", "relay"]
    list_select_related = ["session__booking", "user"]
    date_hierarchy = "joined_at"


@admin.register(Guest)
class GuestAdmin(ReadOnlyAdmin):
    list_display = ["email", "session", "invited_by", "created_at", "withdrawn_at"]
    search_fields = ["email", "session__booking__ref", "invited_by__email"]
    list_select_related = ["session__booking", "invited_by"]
    date_hierarchy = "created_at"


@admin.register(SessionReport)
class SessionReportAdmin(ReadOnlyAdmin):
    list_display = ["session", "by_laboratory", "went", "minutes_lost", "author", "created_at"]
    list_filter = ["by_laboratory", "went"]
    search_fields = ["session__booking__ref", "author__email", "text"]
    list_select_related = ["session__booking", "author"]
    date_hierarchy = "created_at"


class DatasetFileInline(ReadOnlyTable):
    """What the files are called; their bytes are for the people of the award alone."""

    model = DatasetFile
    fields = ["name", "size", "sha256", "created_at"]


@admin.register(Dataset)
class DatasetAdmin(ReadOnlyAdmin):
    list_display = ["ref", "title", "booking", "made_by", "kept_until", "warned_at", "forgotten_at"]
    search_fields = ["ref", "title", "booking__ref", "booking__instrument__name", "made_by__email"]
    list_select_related = ["booking", "made_by"]
    date_hierarchy = "kept_until"
    inlines = [DatasetFileInline]


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """Files on their way. Their addresses are nobody's but the sender's."""

    list_display = ["name", "dataset", "size", "received", "made_by", "updated_at", "expires_at"]
    search_fields = ["name", "dataset__ref", "made_by__email"]
    list_select_related = ["dataset", "made_by"]
    fields = ["name", "dataset", "size", "received", "sha256", "made_by", "expires_at"]
    date_hierarchy = "created_at"
