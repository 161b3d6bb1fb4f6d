from django.urls import path

from bookings.views import booking, week

app_name = "bookings"
urlpatterns = [
    path("", booking.listing, name="list"),
    path("<str:ref>/", booking.detail, name="detail"),
    path("<str:ref>/confirm/", booking.confirm, name="confirm"),
    path("<str:ref>/decline/", booking.decline, name="decline"),
    path("<str:ref>/cancel/", booking.cancel, name="cancel"),
    path("<str:ref>/fail/", booking.fail, name="fail"),
    path("<str:ref>/move/", week.move, name="move"),
    path("<str:ref>/move/check/", week.check_move, name="move_check"),
    path("<str:ref>/move/confirm/", week.confirm_move, name="move_confirm"),
]
