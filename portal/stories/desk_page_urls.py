"""The desk of pages."""

from django.urls import URLPattern

app_name = "desk_pages"
urlpatterns: list[URLPattern] = []
