"""Pages of organisations that donations fill."""

from django.urls import path

from donations.views import given

app_name = "gifts"
urlpatterns = [path("<slug:slug>/equipment/", given.organisation, name="organisation")]
