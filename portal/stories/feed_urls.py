"""Outside the languages: a feed has one address, and `?language=` chooses."""

from django.urls import path

from portal.stories.views.story.feed import StoryFeed

urlpatterns = [path("stories.atom", StoryFeed(), name="stories_feed")]
