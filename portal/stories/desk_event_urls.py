"""The desk of events."""

from django.urls import path

from portal.stories.views.event import desk, writing

app_name = "desk_events"
urlpatterns = [
    path("events/", desk.listing, name="list"),
    path("events/new/", writing.create, name="new"),
    path("events/<slug:slug>/", desk.manage, name="event"),
    path("events/<slug:slug>/edit/", writing.edit, name="edit"),
    path("events/<slug:slug>/publish/", desk.publish, name="publish"),
    path("events/<slug:slug>/cancel/", desk.cancel, name="cancel"),
    path("events/<slug:slug>/close/", desk.close, name="close"),
]
