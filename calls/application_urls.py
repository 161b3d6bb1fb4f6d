from django.urls import path

from calls.application_part_urls import urlpatterns as parts
from calls.views import application, steps
from calls.views.judging import feasibility

app_name = "applications"
urlpatterns = [
    path("", application.application_list, name="list"),
    *parts,
    path("<slug:ref>/", application.detail, name="detail"),
    path("<slug:ref>/check/", application.check, name="check"),
    path("<slug:ref>/submit/", application.hand_in, name="submit"),
    path("<slug:ref>/answer/", application.answer, name="answer"),
    path("<slug:ref>/withdraw/", application.withdraw, name="withdraw"),
    path("<slug:ref>/feasibility/", feasibility.feasibility, name="feasibility"),
    path("<slug:ref>/<slug:step>/save/", steps.autosave, name="save"),
    path("<slug:ref>/<slug:step>/", steps.step, name="step"),
]
