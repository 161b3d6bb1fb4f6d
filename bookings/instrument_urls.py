from django.urls import path

from bookings.views import week

app_name = "booking_instruments"
urlpatterns = [
    path("<slug:slug>/book/", week.book, name="book"),
    path("<slug:slug>/book/check/", week.check, name="check"),
    path("<slug:slug>/book/confirm/", week.confirm, name="confirm"),
]
