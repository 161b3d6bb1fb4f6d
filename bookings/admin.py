"""The back office for bookings and sessions: search and look; deeds go through the same actions as the pages."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.actions.changes import cancel_booking, confirm_booking
from bookings.models import Booking, Session
from portal.core.admin_site import ReadOnlyAdmin
from portal.core.errors import Refused


class SessionInline(admin.StackedInline[Session, Booking]):
    model = Session
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    list_display = ["ref", "instrument", "unit", "period", "organisation", "booked_by", "state"]
    list_filter = ["state", "instrument"]
    search_fields = ["ref", "instrument__name", "organisation__name", "booked_by__email", "award__ref"]
    list_select_related = ["instrument", "unit__instrument", "organisation", "booked_by"]
    inlines = [SessionInline]
    actions = ["confirm", "cancel"]

    @admin.action(description=gettext_lazy("Confirm"), permissions=["view"])
    def confirm(self, request: HttpRequest, rows: QuerySet[Booking]) -> None:
        self._each(request, rows, lambda booking: confirm_booking(booking, by=request.user))

    @admin.action(description=gettext_lazy("Cancel, all hours return"), permissions=["view"])
    def cancel(self, request: HttpRequest, rows: QuerySet[Booking]) -> None:
        self._each(request, rows, lambda booking: cancel_booking(booking, by=request.user))

    def _each(self, request: HttpRequest, rows: QuerySet[Booking], deed: object) -> None:
        for booking in rows.for_page():
            try:
                deed(booking)
            except Refused as refusal:
                self.message_user(request, f"{booking.ref}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, _("%(ref)s: done") % {"ref": booking.ref}, messages.SUCCESS)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ["booking", "state", "starts_at", "ends_at", "opened_at", "closed_at"]
    list_filter = ["state"]
    search_fields = ["booking__ref"]
    list_select_related = ["booking"]
    date_hierarchy = "starts_at"
