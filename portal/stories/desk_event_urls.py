"""The desk of events."""

from django.urls import URLPattern

app_name = "desk_events"
urlpatterns: list[URLPattern] = []
