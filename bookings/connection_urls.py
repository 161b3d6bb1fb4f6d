from django.urls import path

from bookings.views import ticket

app_name = "connection"
urlpatterns = [
    path("ticket/", ticket.for_check, name="ticket"),
]
