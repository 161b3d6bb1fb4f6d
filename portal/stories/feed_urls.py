"""The Atom feed of stories."""

from django.urls import URLPattern

app_name = "story_feeds"
urlpatterns: list[URLPattern] = []
