"""Pictures as browsers fetch them: outside languages."""

from django.urls import URLPattern

app_name = "pictures"
urlpatterns: list[URLPattern] = []
