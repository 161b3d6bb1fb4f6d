"""Outside the languages: a feed has one address, and `?language=` chooses."""

from django.urls import path

from calls.views.feed import CallFeed

urlpatterns = [path("calls.atom", CallFeed(), name="calls_feed")]
