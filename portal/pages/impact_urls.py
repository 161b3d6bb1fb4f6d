"""What the programme came to, in figures."""

from django.urls import path

from portal.pages.impact import views

app_name = "impact"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>.csv", views.table, name="table"),
]
