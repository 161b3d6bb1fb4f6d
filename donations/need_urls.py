from django.urls import path

from donations.views.need import own, public, sections

app_name = "needs"
urlpatterns = [
    path("needs/", public.need_list, name="list"),
    path("needs/own/", own.own_list, name="own"),
    path("needs/<slug:ref>/", public.detail, name="detail"),
    path("needs/<slug:ref>/withdraw/", own.withdraw, name="withdraw"),
    path("needs/<slug:ref>/renew/", own.renew, name="renew"),
    path("needs/<slug:ref>/copy/", own.copy, name="copy"),
    path("need/", own.start, name="start"),
    path("need/<slug:ref>/check/", own.check, name="check"),
    path("need/<slug:ref>/hand-in/", own.hand_in, name="hand_in"),
    path("need/<slug:ref>/photos/<int:pk>/remove/", sections.photo_remove, name="photo_remove"),
    path("need/<slug:ref>/<slug:step>/", sections.section, name="step"),
    path("need/<slug:ref>/<slug:step>/save/", sections.save, name="save"),
]
