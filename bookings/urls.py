from django.urls import path

from bookings.views import agenda, booking, check, participants, series, week

app_name = "bookings"
urlpatterns = [
    path("", booking.listing, name="list"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("<slug:ref>/", booking.detail, name="detail"),
    path("<slug:ref>/people/", participants.people, name="people"),
    path("<slug:ref>/confirm/", booking.confirm, name="confirm"),
    path("<slug:ref>/decline/", booking.decline, name="decline"),
    path("<slug:ref>/cancel/", booking.cancel, name="cancel"),
    path("<slug:ref>/fail/", booking.fail, name="fail"),
    path("<slug:ref>/move/", week.move, name="move"),
    path("<slug:ref>/move/check/", check.check_move, name="move_check"),
    path("<slug:ref>/move/confirm/", check.confirm_move, name="move_confirm"),
    path("<slug:ref>/series/", series.of_booking, name="series"),
    path("<slug:ref>/series/cancel/", series.cancel, name="series_cancel"),
]
