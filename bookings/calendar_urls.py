"""Outside the languages: a calendar has one address, and speaks its owner's language."""

from django.urls import path

from bookings.views import calendar

app_name = "calendar"
urlpatterns = [path("<slug:token>.ics", calendar.feed, name="feed")]
