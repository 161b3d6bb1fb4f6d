from django.urls import path

from bookings.views import extension, log, room, session, ticket

app_name = "sessions"
urlpatterns = [
    path("<slug:ref>/", session.detail, name="detail"),
    path("<slug:ref>/state/", session.state, name="state"),
    path("<slug:ref>/ticket/", ticket.for_session, name="ticket"),
    path("<slug:ref>/begin/", session.begin, name="begin"),
    path("<slug:ref>/end/", session.end, name="end"),
    path("<slug:ref>/extend/", extension.extend, name="extend"),
    path("<slug:ref>/people/", room.people, name="people"),
    path("<slug:ref>/people/invite/", room.guest_invite, name="guest_invite"),
    path("<slug:ref>/people/withdraw/", room.guest_withdraw, name="guest_withdraw"),
    path("<slug:ref>/control/", room.control, name="control"),
    path("<slug:ref>/control/ask/", room.control_ask, name="control_ask"),
    path("<slug:ref>/control/release/", room.control_release, name="control_release"),
    path("<slug:ref>/control/take/", room.control_take, name="control_take"),
    path("<slug:ref>/control/hand-over/", room.control_hand_over, name="control_hand_over"),
    path("<slug:ref>/chat/", room.chat, name="chat"),
    path("<slug:ref>/chat/say/", room.say_something, name="say"),
    path("<slug:ref>/log/", log.log, name="log"),
    path("<slug:ref>/report/", log.report, name="report"),
    path("<slug:ref>/report/return/", log.give_back, name="return_minutes"),
]
