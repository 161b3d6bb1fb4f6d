"""Outside the languages: mail programs post here and follow no redirect."""

from django.urls import path

from calls.views.interest import unsubscribe

urlpatterns = [path("<str:token>/", unsubscribe, name="unsubscribe")]
