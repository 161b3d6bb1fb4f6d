"""The desk of stories."""

from django.urls import path

from portal.stories.views.story import desk

app_name = "desk_stories"
urlpatterns = [
    path("stories/", desk.story_list, name="list"),
    path("stories/new/", desk.new, name="new"),
    path("stories/ideas/", desk.idea_list, name="ideas"),
    path("stories/ideas/<slug:sort>/<int:pk>/begin/", desk.idea_begin, name="idea_begin"),
    path("stories/<slug:slug>/", desk.story_manage, name="story"),
    path("stories/<slug:slug>/publish/", desk.publish, name="publish"),
    path("stories/<slug:slug>/take-in/", desk.send, name="take_in"),
    path("stories/<slug:slug>/return/", desk.give_back, name="return"),
    path("stories/<slug:slug>/feature/", desk.feature, name="feature"),
]
