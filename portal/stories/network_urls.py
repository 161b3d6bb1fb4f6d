"""The directory of organisations, and the page of each."""

from django.urls import URLPattern

app_name = "network"
urlpatterns: list[URLPattern] = []
