from django.urls import path

from bookings.views import lab

app_name = "lab"
urlpatterns = [path("", lab.lab, name="index")]
