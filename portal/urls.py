"""Every address of the portal."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("portal.api.urls")),
    *i18n_patterns(
        path("", include("portal.pages.urls")),
        path("accounts/", include("allauth.urls")),
        path("me/", include("portal.accounts.urls")),
        path("organisations/", include("portal.accounts.organisation_urls")),
        path("instruments/", include("bookings.instrument_urls")),
        path("instruments/", include("instruments.urls")),
        path("calls/", include("calls.urls")),
        path("interest/", include("calls.interest_urls")),
        path("awards/", include("calls.award_urls")),
        path("bookings/", include("bookings.urls")),
        path("sessions/", include("bookings.session_urls")),
        path("desk/", include("portal.pages.desk_urls")),
        path("desk/", include("instruments.desk_urls")),
        path("desk/", include("calls.desk_urls")),
        path("lab/", include("bookings.lab_urls")),
        path("admin/", admin.site.urls),
    ),
]
