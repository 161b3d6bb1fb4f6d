"""Every address of the portal."""

from allauth.socialaccount.providers.orcid.views import oauth2_callback as orcid_callback
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from bookings import api as bookings
from calls import api as calls
from donations import api as donations
from instruments import api as instruments
from portal.accounts import api as accounts
from portal.api.urls import urlpatterns as api_patterns
from portal.api.views import unknown
from portal.pages import api as pages
from portal.pages import wellknown
from portal.stories import api as stories

router = SimpleRouter()
apps = (accounts, instruments, calls, bookings, donations, stories, pages)
for prefix, viewset, basename in (route for app in apps for route in app.routes):
    router.register(prefix, viewset, basename=basename)

urlpatterns = [
    path("api/v1/", include(([*router.urls, *api_patterns], "api"))),
    re_path(r"^api(?:/|$)", unknown),
    path("robots.txt", wellknown.robots, name="robots"),
    path("sitemap.xml", wellknown.sitemap, name="sitemap"),
    path("favicon.ico", wellknown.Favicon.as_view(), name="favicon"),
    path(".well-known/security.txt", wellknown.security_txt, name="security_txt"),
    path("interest/unsubscribe/", include("calls.unsubscribe_urls")),
    path("feeds/", include("calls.feed_urls")),
    path("feeds/", include("portal.stories.feed_urls")),
    path("pictures/", include("portal.stories.picture_urls")),
    path("calendar/", include("bookings.calendar_urls")),
    path("uploads/", include("bookings.upload_urls")),
    path("connectors/", include("bookings.connector_urls")),
    path("anymail/", include("portal.notifications.urls")),
    *i18n_patterns(
        path("", include("portal.pages.urls")),
        path("impact/", include("portal.pages.impact_urls")),
        path("stories/", include("portal.stories.story_urls")),
        path("events/", include("portal.stories.event_urls")),
        path("about/", include("portal.stories.page_urls")),
        path("desk/", include("portal.stories.desk_story_urls")),
        path("desk/", include("portal.stories.desk_event_urls")),
        path("desk/", include("portal.stories.desk_page_urls")),
        path("accounts/", include("allauth.urls")),
        path("me/", include("portal.accounts.urls")),
        path("organisations/", include("portal.accounts.organisation_urls")),
        path("instruments/propose/", include("instruments.proposal_urls")),
        path("agreements/", include("instruments.agreement_urls")),
        path("instruments/", include("bookings.instrument_urls")),
        path("instruments/", include("instruments.urls")),
        path("calls/", include("calls.urls")),
        path("interest/", include("calls.interest_urls")),
        path("applications/", include("calls.application_urls")),
        path("reviews/", include("calls.review_urls")),
        path("awards/", include("bookings.award_urls")),
        path("awards/", include("calls.award_urls")),
        path("bookings/", include("bookings.urls")),
        path("sessions/", include("bookings.session_urls")),
        path("desk/", include("portal.accounts.desk_urls")),
        path("desk/", include("instruments.desk_urls")),
        path("desk/", include("calls.desk_urls")),
        path("lab/", include("bookings.lab_urls")),
        path("waitlist/", include("bookings.waitlist_urls")),
        path("samples/", include("bookings.sample_urls")),
        path("datasets/", include("bookings.dataset_urls")),
        path("standby/", include("bookings.standby_urls")),
        path("connection/", include("bookings.connection_urls")),
        path("me/calendars/", include("bookings.feed_link_urls")),
        path("trainings/", include("instruments.training_urls")),
        path("certificates/", include("instruments.certificate_urls")),
        path("donations/matches/", include("donations.match_urls")),
        path("donations/shipments/", include("donations.shipment_urls")),
        path("donations/follow-up/", include("donations.follow_up_urls")),
        path("donations/pledges/", include("donations.pledge_urls")),
        path("donations/", include("donations.need_urls")),
        path("donations/", include("donations.offer_urls")),
        path("donations/", include("donations.urls")),
        path("desk/donations/", include("donations.desk_urls")),
        path("organisations/", include("donations.organisation_urls")),
        path("", include("portal.stories.picture_page_urls")),
        path("", include("portal.stories.network_urls")),
        path("admin/", admin.site.urls),
    ),
    # ORCID knows one address, without a language. It stands last, since the last of a name is the one links use.
    path("accounts/orcid/login/callback/", orcid_callback, name="orcid_callback"),
]

handler400 = "portal.pages.errors.bad_request"
handler403 = "portal.pages.errors.forbidden"
handler404 = "portal.pages.errors.not_found"
handler500 = "portal.pages.errors.fault"
