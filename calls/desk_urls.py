from django.urls import path

from calls.judging_desk_urls import urlpatterns as judging
from calls.views import award, award_desk, desk, desk_sections, interest_desk, late, outcome

app_name = "desk_calls"
urlpatterns = [
    path("interests/", interest_desk.interest_list, name="interests"),
    *judging,
    path("calls/", desk.call_list, name="list"),
    path("calls/new/", desk_sections.call_new, name="call_new"),
    path("calls/<slug:slug>/", desk.call_manage, name="call"),
    path("calls/<slug:slug>/edit/<slug:section>/", desk_sections.call_edit, name="call_edit"),
    path("calls/<slug:slug>/documents/<int:pk>/remove/", desk_sections.document_remove, name="document_remove"),
    path("calls/<slug:slug>/late/", late.call_late, name="call_late"),
    path("calls/<slug:slug>/late/<int:pk>/revoke/", late.late_revoke, name="late_revoke"),
    path("calls/<slug:slug>/publish/", desk.call_publish, name="call_publish"),
    path("calls/<slug:slug>/extend/", desk.call_extend, name="call_extend"),
    path("calls/<slug:slug>/withdraw/", desk.call_withdraw, name="call_withdraw"),
    path("calls/<slug:slug>/decide/", desk.call_decide, name="call_decide"),
    path("calls/<slug:slug>/outcomes/", outcome.outcomes, name="call_outcomes"),
    path("calls/<slug:slug>/release/", outcome.call_release, name="call_release"),
    path("calls/<slug:slug>/archive/", desk.call_archive, name="call_archive"),
    path("awards/", award_desk.award_list, name="awards"),
    path("instrument-hours/", award_desk.instrument_hours, name="instrument_hours"),
    path("awards/new/", award.award_grant, name="award_new"),
    path("awards/<slug:ref>/revoke/", award.award_revoke, name="award_revoke"),
    path("awards/<slug:ref>/priority/", award.award_priority, name="award_priority"),
    path("awards/<slug:ref>/adjust/", award.award_adjust, name="award_adjust"),
]
