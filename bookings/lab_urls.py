from django.urls import path

from bookings.views.lab import connectors, desktop, index, timeline, utilisation

app_name = "lab"
urlpatterns = [
    path("", index.lab, name="index"),
    path("desktops/<int:pk>/try/", desktop.try_now, name="desktop_try"),
    path("connectors/", connectors.connectors, name="connectors"),
    path("connectors/guide/", connectors.guide, name="connector_guide"),
    path("connectors/program/", connectors.download, name="connector_program"),
    path("connectors/units/<int:pk>/code/", connectors.code, name="connector_code"),
    path("connectors/<int:pk>/revoke/", connectors.revoke, name="connector_revoke"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("utilisation/", utilisation.utilisation, name="utilisation"),
    path("days/<slug:day>/check-in/", index.check_in_day, name="check_in_day"),
    path("sessions/<slug:ref>/check-in/", index.check_in, name="check_in"),
    path("sessions/<slug:ref>/check-out/", index.check_out, name="check_out"),
]
