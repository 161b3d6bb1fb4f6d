from django.urls import path

from bookings.views import connector

app_name = "connectors"
urlpatterns = [path("pair/", connector.pair, name="pair")]
