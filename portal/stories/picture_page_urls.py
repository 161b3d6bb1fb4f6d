"""The pages on which the pictures of a story or an event are looked after."""

from django.urls import path

from portal.stories.views import picture

app_name = "picture_pages"
urlpatterns = [
    path("<slug:kind>/<slug:slug>/pictures/", picture.listing, name="list"),
    path("<slug:kind>/<slug:slug>/pictures/<int:pk>/", picture.change, name="change"),
    path("<slug:kind>/<slug:slug>/pictures/<int:pk>/remove/", picture.remove, name="remove"),
    path("<slug:kind>/<slug:slug>/pictures/<int:pk>/again/", picture.again, name="again"),
]
