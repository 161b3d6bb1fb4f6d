"""A laboratory proposes an instrument."""

from django.urls import URLPattern

app_name = "proposals"
urlpatterns: list[URLPattern] = []
