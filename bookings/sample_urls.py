from django.urls import path

from bookings.views import label, sample

app_name = "samples"
urlpatterns = [
    path("", sample.listing, name="list"),
    path("for/<slug:award>/", sample.declare, name="declare"),
    path("for/<slug:award>/labels/", label.sheet, name="labels"),
    path("<slug:ref>/", sample.detail, name="detail"),
    path("<slug:ref>/label/", label.one, name="label"),
    path("<slug:ref>/change/", sample.change, name="change"),
    path("<slug:ref>/remove/", sample.remove, name="remove"),
    path("<slug:ref>/ship/", sample.ship, name="ship"),
    path("<slug:ref>/refuse/", sample.refuse, name="refuse"),
    path("<slug:ref>/<slug:verb>/", sample.move, name="move"),
]
