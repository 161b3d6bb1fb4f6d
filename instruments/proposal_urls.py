"""A laboratory proposes an instrument."""

from django.urls import path

from instruments.views import proposal, proposal_end

app_name = "proposals"
urlpatterns = [
    path("", proposal.start, name="start"),
    path("begin/", proposal.begin, name="begin"),
    path("<slug:slug>/", proposal.detail, name="detail"),
    path("<slug:slug>/check/", proposal_end.check, name="check"),
    path("<slug:slug>/withdraw/", proposal_end.withdraw, name="withdraw"),
    path("<slug:slug>/<slug:name>/", proposal.step, name="step"),
    path("<slug:slug>/<slug:name>/save/", proposal.save, name="save"),
]
