"""The desk's pages of donations."""

from django.urls import path

from donations.views import desk_matching

app_name = "desk_donations"
urlpatterns = [
    path("matching/", desk_matching.matching, name="matching"),
    path("matching/run/", desk_matching.run, name="run"),
    path("matching/<slug:ref>/", desk_matching.need_alternatives, name="alternatives"),
    path("matching/<slug:ref>/propose/", desk_matching.propose, name="propose"),
]
