"""The desk of stories."""

from django.urls import URLPattern

app_name = "desk_stories"
urlpatterns: list[URLPattern] = []
