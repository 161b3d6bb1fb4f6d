from django.urls import path

from bookings.views import session

app_name = "sessions"
urlpatterns = [
    path("<str:ref>/", session.detail, name="detail"),
    path("<str:ref>/state/", session.state, name="state"),
    path("<str:ref>/begin/", session.begin, name="begin"),
    path("<str:ref>/end/", session.end, name="end"),
]
