"""The outbox to look at, and the list of addresses that subscriptions leave alone."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.core.admin_site import ReadOnlyAdmin, do_to_each
from portal.notifications.actions import lift, retry, suppress
from portal.notifications.models import DeliveryReport, Notification, Suppression


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "kind", "address", "state", "due_at", "attempts", "settled_at", "last_error"]
    list_filter = ["state", "frequency", "kind", "language"]
    search_fields = ["address", "=key"]
    date_hierarchy = "created_at"
    raw_id_fields = ["digest"]
    exclude = ["data", "key", "attempt_token"]  # data may hold keys that open doors
    actions = ["send_again"]
    show_full_result_count = False

    @admin.action(description=_("Send again (failed ones)"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[Notification]) -> None:
        do_to_each(request, queryset, lambda notification: retry(notification, by=request.user))


@admin.register(DeliveryReport)
class DeliveryReportAdmin(ReadOnlyAdmin):
    list_display = ["at", "provider", "cause", "address"]
    list_filter = ["provider", "cause"]
    search_fields = ["address"]
    date_hierarchy = "at"
    exclude = ["key"]


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    list_display = ["address", "why", "created_at"]
    search_fields = ["address", "why"]
    fields = ["address", "why"]

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Suppression, form: object, change: bool) -> None:
        obj.pk = suppress(obj.address, obj.why, by=request.user).pk

    def delete_model(self, request: HttpRequest, obj: Suppression) -> None:
        lift(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> None:
        for suppression in queryset:
            lift(suppression, by=request.user)
