from django.urls import path

from calls.views import application, steps

app_name = "applications"
urlpatterns = [
    path("", application.application_list, name="list"),
    path("<slug:ref>/", application.detail, name="detail"),
    path("<slug:ref>/check/", application.check, name="check"),
    path("<slug:ref>/submit/", application.hand_in, name="submit"),
    path("<slug:ref>/answer/", application.answer, name="answer"),
    path("<slug:ref>/withdraw/", application.withdraw, name="withdraw"),
    path("<slug:ref>/<slug:step>/save/", steps.autosave, name="save"),
    path("<slug:ref>/<slug:step>/", steps.step, name="step"),
]
