"""The pages behind a follow-up's link."""

from django.urls import path

from donations.views import follow_up

app_name = "follow_ups"
urlpatterns = [
    path("<str:token>/", follow_up.answer, name="answer"),
    path("<str:token>/pass-on/", follow_up.pass_on, name="pass_on"),
    path("<str:token>/photo/", follow_up.photo, name="photo"),
]
