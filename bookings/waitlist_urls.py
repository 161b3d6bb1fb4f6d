from django.urls import path

from bookings.views import waitlist

app_name = "waitlist"
urlpatterns = [
    path("", waitlist.listing, name="list"),
    path("join/", waitlist.join, name="join"),
    path("<slug:ref>/", waitlist.detail, name="detail"),
    path("<slug:ref>/accept/", waitlist.accept, name="accept"),
    path("<slug:ref>/decline/", waitlist.decline, name="decline"),
    path("<slug:ref>/leave/", waitlist.leave, name="leave"),
]
