"""Stories in public and those that people send in."""

from django.urls import path

from portal.stories.views.story import people, public, write

app_name = "stories"
urlpatterns = [
    path("", public.story_list, name="list"),
    path("send/", write.story_new, name="send"),
    path("mine/", write.mine, name="mine"),
    path("<slug:slug>/", public.story_detail, name="detail"),
    path("<slug:slug>/edit/", write.story_edit, name="edit"),
    path("<slug:slug>/save/", write.save, name="save"),
    path("<slug:slug>/people/", people.people, name="people"),
    path("<slug:slug>/people/<int:pk>/<slug:verb>/", people.consent_do, name="consent"),
    path("<slug:slug>/agree/", write.agree, name="agree"),
    path("<slug:slug>/check/", write.check, name="check"),
    path("<slug:slug>/hand-in/", write.send, name="hand_in"),
    path("<slug:slug>/archive/", write.archive, name="archive"),
]
