"""Events in public."""

from django.urls import path

from portal.stories.views.event import public

app_name = "events"
urlpatterns = [
    path("", public.listing, name="list"),
    path("<slug:slug>/", public.detail, name="detail"),
    path("<slug:slug>/calendar.ics", public.calendar, name="calendar"),
]
