"""Pages of shipments."""

from django.urls import path

from donations.views.shipment import making, pages, way

app_name = "shipments"
urlpatterns = [
    path("", pages.listing, name="list"),
    path("to-make/", making.to_make, name="to_make"),
    path("make/<slug:match>/", making.make, name="make"),
    path("<slug:ref>/", pages.detail, name="detail"),
    path("<slug:ref>/papers/<slug:name>/", pages.paper, name="paper"),
    path("<slug:ref>/change/", making.change, name="change"),
    path("<slug:ref>/add/", making.add, name="add"),
    path("<slug:ref>/take-out/<int:pk>/", making.take_out, name="take_out"),
    path("<slug:ref>/parcels/new/", making.parcel, name="parcel_new"),
    path("<slug:ref>/parcels/<int:pk>/", making.parcel, name="parcel"),
    path("<slug:ref>/parcels/<int:pk>/remove/", making.parcel_remove, name="parcel_remove"),
    path("<slug:ref>/quotations/new/", making.quotation, name="quotation"),
    path("<slug:ref>/quotations/<int:pk>/choose/", making.quotation_choose, name="quotation_choose"),
    path("<slug:ref>/quotations/<int:pk>/remove/", making.quotation_remove, name="quotation_remove"),
    path("<slug:ref>/fund/", making.fund, name="fund"),
    path("<slug:ref>/send/", way.send, name="send"),
    path("<slug:ref>/track/", way.track, name="track"),
    path("<slug:ref>/track/file/", way.track_file, name="track_file"),
    path("<slug:ref>/hold/", way.trouble, {"verb": "hold"}, name="hold"),
    path("<slug:ref>/damage/", way.trouble, {"verb": "damage"}, name="damage"),
    path("<slug:ref>/lose/", way.trouble, {"verb": "lose"}, name="lose"),
    path("<slug:ref>/abandon/", way.abandon, name="abandon"),
    path("<slug:ref>/receive/", way.receive, name="receive"),
    path("<slug:ref>/repair/", way.repair, name="repair"),
    path("<slug:ref>/photos/new/", way.photo, name="photo"),
    path("<slug:ref>/photos/<int:pk>/remove/", way.photo_remove, name="photo_remove"),
    path("<slug:ref>/move/<slug:verb>/", way.move, name="move"),
]
