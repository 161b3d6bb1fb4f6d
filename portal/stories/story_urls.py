"""Stories in public and those that people send in."""

from django.urls import URLPattern

app_name = "stories"
urlpatterns: list[URLPattern] = []
