from django.urls import path

from bookings.views import connection, ticket

app_name = "connection"
urlpatterns = [
    path("", connection.check, name="check"),
    path("ticket/", ticket.for_check, name="ticket"),
    path("bytes/", connection.load, name="bytes"),
]
