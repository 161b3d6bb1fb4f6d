from django.urls import path

from calls.views import award, desk

app_name = "desk_calls"
urlpatterns = [
    path("calls/", desk.call_list, name="list"),
    path("calls/new/", desk.call_new, name="call_new"),
    path("calls/<slug:slug>/", desk.call_manage, name="call"),
    path("calls/<slug:slug>/edit/", desk.call_edit, name="call_edit"),
    path("calls/<slug:slug>/publish/", desk.call_publish, name="call_publish"),
    path("calls/<slug:slug>/extend/", desk.call_extend, name="call_extend"),
    path("calls/<slug:slug>/withdraw/", desk.call_withdraw, name="call_withdraw"),
    path("calls/<slug:slug>/decide/", desk.call_decide, name="call_decide"),
    path("calls/<slug:slug>/archive/", desk.call_archive, name="call_archive"),
    path("awards/", award.desk_award_list, name="awards"),
    path("awards/new/", award.award_grant, name="award_new"),
    path("awards/<slug:ref>/revoke/", award.award_revoke, name="award_revoke"),
    path("awards/<slug:ref>/adjust/", award.award_adjust, name="award_adjust"),
]
