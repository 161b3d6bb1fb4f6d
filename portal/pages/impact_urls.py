"""What the programme came to, in figures."""

from django.urls import URLPattern

app_name = "impact"
urlpatterns: list[URLPattern] = []
