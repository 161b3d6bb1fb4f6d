"""The pages that staff write."""

from django.urls import URLPattern

app_name = "about"
urlpatterns: list[URLPattern] = []
