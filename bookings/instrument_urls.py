from django.urls import path

from bookings.views import check, free, week

app_name = "booking_instruments"
urlpatterns = [
    path("free/", free.free, name="free"),
    path("<slug:slug>/book/", week.book, name="book"),
    path("<slug:slug>/book/check/", check.check, name="check"),
    path("<slug:slug>/book/confirm/", check.confirm, name="confirm"),
]
