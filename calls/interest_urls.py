from django.urls import path

from calls.views import interest

app_name = "interest"
urlpatterns = [
    path("", interest.declare, name="declare"),
    path("sent/", interest.sent, name="sent"),
    path("<str:token>/", interest.manage, name="manage"),
    path("<str:token>/confirm/", interest.confirm, name="confirm"),
    path("<str:token>/end/", interest.end, name="end"),
]
