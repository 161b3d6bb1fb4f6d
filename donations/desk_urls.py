"""The desk's pages of donations."""

from django.urls import path, register_converter

from donations.boards import BOARDS
from donations.views import desk_board, desk_gate, desk_gifts, desk_matching


class BoardConverter:
    """The name of one of the boards."""

    regex = "|".join(BOARDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(BoardConverter, "board")

app_name = "desk_donations"
urlpatterns = [
    path("", desk_board.index, name="index"),
    path("<board:what>/", desk_board.board, name="board"),
    path("needs/<slug:ref>/", desk_gate.need, name="need"),
    path("offers/<slug:offer>/", desk_gate.offer, name="offer"),
    path("offers/<slug:ref>/clearance/", desk_gate.clearance, name="clearance"),
    path("offers/<slug:ref>/clear/", desk_gate.clear, name="clear"),
    path("<slug:kind>/<slug:ref>/check/", desk_gate.check, name="check"),
    path("<slug:kind>/<slug:ref>/go-on/", desk_gate.go_on, name="go_on"),
    path("<slug:kind>/<slug:ref>/ask/", desk_gate.ask, name="ask"),
    path("<slug:kind>/<slug:ref>/refuse/", desk_gate.refuse, name="refuse"),
    path("follow-ups/idle/", desk_gifts.follow_ups, name="follow_ups"),
    path("follow-ups/<int:pk>/", desk_gifts.follow_up, name="follow_up"),
    path("matching/", desk_matching.matching, name="matching"),
    path("matching/run/", desk_matching.run, name="run"),
    path("matching/<slug:ref>/", desk_matching.need_alternatives, name="alternatives"),
    path("matching/<slug:ref>/propose/", desk_matching.propose, name="propose"),
]
