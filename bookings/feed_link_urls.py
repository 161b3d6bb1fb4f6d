from django.urls import path

from bookings.views import calendar

app_name = "calendar_feeds"
urlpatterns = [
    path("", calendar.listing, name="list"),
    path("make/", calendar.make, name="make"),
    path("<int:pk>/renew/", calendar.renew, name="renew"),
    path("<int:pk>/revoke/", calendar.revoke, name="revoke"),
]
