"""Agreements with laboratories."""

from django.urls import path

from instruments.views import agreement

app_name = "agreements"
urlpatterns = [
    path("", agreement.listing, name="list"),
    path("new/", agreement.create, name="create"),
    path("<slug:ref>/", agreement.detail, name="detail"),
    path("<slug:ref>/edit/", agreement.edit, name="edit"),
    path("<slug:ref>/renew/", agreement.renew, name="renew"),
    path("<slug:ref>/agreement.pdf", agreement.document, name="document"),
    path("<slug:ref>/<slug:verb>/", agreement.move, name="move"),
]
