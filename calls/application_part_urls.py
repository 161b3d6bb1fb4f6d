"""Addresses of the parts of an application; they stand before the generic ones of its sections."""

from django.urls import path

from calls.views.parts import document, endorse, files, samples, team

urlpatterns = [
    path("join/<slug:token>/", team.join, name="join"),
    path("<slug:ref>/samples/add/", samples.add, name="sample_add"),
    path("<slug:ref>/samples/<int:pk>/", samples.change, name="sample"),
    path("<slug:ref>/samples/<int:pk>/remove/", samples.remove, name="sample_remove"),
    path("<slug:ref>/team/invite/", team.invite, name="invite"),
    path("<slug:ref>/team/leave/", team.leave, name="leave"),
    path("<slug:ref>/team/<int:pk>/role/", team.role, name="role"),
    path("<slug:ref>/team/<int:pk>/remove/", team.remove, name="uninvite"),
    path("<slug:ref>/files/send/", files.upload, name="file_send"),
    path("<slug:ref>/files/<int:pk>/", files.fetch, name="file"),
    path("<slug:ref>/files/<int:pk>/remove/", files.remove, name="file_remove"),
    path("<slug:ref>/organisation/ask/", endorse.ask, name="ask_endorsement"),
    path("<slug:ref>/endorse/", endorse.endorse, name="endorse"),
    path("<slug:ref>/pdf/", document.pdf, name="pdf"),
]
