from django.urls import path

from bookings.views import session

app_name = "sessions"
urlpatterns = [
    path("<slug:ref>/", session.detail, name="detail"),
    path("<slug:ref>/state/", session.state, name="state"),
    path("<slug:ref>/begin/", session.begin, name="begin"),
    path("<slug:ref>/end/", session.end, name="end"),
]
