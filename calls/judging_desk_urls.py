"""Addresses of judging below the desk's; `calls.desk_urls` takes them in."""

from django.urls import path

from calls.views.judging import board, desk, panel

urlpatterns = [
    path("calls/<slug:slug>/board/", board.call_board, name="board"),
    path("calls/<slug:slug>/board/do/", board.board_do, name="board_do"),
    path("calls/<slug:slug>/board/export/", board.board_export, name="board_export"),
    path("calls/<slug:slug>/board/reviews/", board.reviews_export, name="reviews_export"),
    path("calls/<slug:slug>/panel/", panel.call_panel, name="panel"),
    path("calls/<slug:slug>/panel/spread/", panel.panel_spread, name="panel_spread"),
    path("calls/<slug:slug>/panel/<int:pk>/remove/", panel.panel_remove, name="panel_remove"),
    path("applications/<slug:ref>/", desk.application, name="application"),
    path("applications/<slug:ref>/check/", desk.application_check, name="application_check"),
    path("applications/<slug:ref>/ask/", desk.application_ask, name="application_ask"),
    path("applications/<slug:ref>/assign/", desk.application_assign, name="application_assign"),
    path("reviews/<slug:ref>/unassign/", desk.review_unassign, name="review_unassign"),
    path("reviews/<slug:ref>/reopen/", desk.review_reopen, name="review_reopen"),
]
