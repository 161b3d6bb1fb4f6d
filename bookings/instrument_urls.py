from django.urls import path

from bookings.views import check, free, series, week

app_name = "booking_instruments"
urlpatterns = [
    path("free/", free.free, name="free"),
    path("<slug:slug>/book/", week.book, name="book"),
    path("<slug:slug>/book/check/", check.check, name="check"),
    path("<slug:slug>/book/confirm/", check.confirm, name="confirm"),
    path("<slug:slug>/book/series/", series.series, name="series"),
    path("<slug:slug>/book/series/confirm/", series.confirm, name="series_confirm"),
]
