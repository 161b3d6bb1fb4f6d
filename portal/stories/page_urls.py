"""The pages that staff write."""

from django.urls import path

from portal.stories.views import page

app_name = "about"
urlpatterns = [
    path("", page.index, name="index"),
    path("<slug:slug>/", page.page, name="page"),
]
