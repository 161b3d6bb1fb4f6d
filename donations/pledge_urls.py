"""Pages of pledges."""

from django.urls import path

from donations.views import pledge

app_name = "pledges"
urlpatterns = [
    path("", pledge.pledge_list, name="list"),
    path("new/", pledge.declare, name="declare"),
    path("<slug:ref>/", pledge.detail, name="detail"),
    path("<slug:ref>/change/", pledge.change, name="change"),
    path("<slug:ref>/<slug:verb>/", pledge.deed, name="deed"),
]
