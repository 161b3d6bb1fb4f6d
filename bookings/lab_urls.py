from django.urls import path

from bookings.views.lab import desktop, index, timeline, utilisation

app_name = "lab"
urlpatterns = [
    path("", index.lab, name="index"),
    path("desktops/<int:pk>/try/", desktop.try_now, name="desktop_try"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("utilisation/", utilisation.utilisation, name="utilisation"),
    path("days/<slug:day>/check-in/", index.check_in_day, name="check_in_day"),
    path("sessions/<slug:ref>/check-in/", index.check_in, name="check_in"),
    path("sessions/<slug:ref>/check-out/", index.check_out, name="check_out"),
]
