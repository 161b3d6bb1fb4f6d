from django.urls import path

from bookings.views import outcome

app_name = "outcomes"
urlpatterns = [path("<slug:ref>/report/", outcome.report, name="report")]
