"""The directory of organisations, and the page of each."""

from django.urls import path

from portal.stories.views import network

app_name = "network"
urlpatterns = [
    path("network/", network.network_list, name="list"),
    path("organisations/<slug:slug>/", network.organisation, name="organisation"),
    path("organisations/<slug:slug>/join/", network.join, name="join"),
]
