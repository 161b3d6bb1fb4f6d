from django.urls import path

from bookings.views import standby

app_name = "standby"
urlpatterns = [
    path("", standby.listing, name="list"),
    path("join/", standby.join, name="join"),
    path("<slug:ref>/", standby.detail, name="detail"),
    path("<slug:ref>/state/", standby.state, name="state"),
    path("<slug:ref>/accept/", standby.accept, name="accept"),
    path("<slug:ref>/leave/", standby.leave, name="leave"),
]
