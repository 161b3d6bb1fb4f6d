from django.urls import path

from donations.views.offer import many, own, public, sections

app_name = "offers"
urlpatterns = [
    path("offers/", public.offer_list, name="list"),
    path("offers/mine/", own.mine, name="mine"),
    path("offer/", own.start, name="start"),
    path("offer/many/", many.many, name="many"),
    path("offer/many/template/", many.many_template, name="many_template"),
    path("offer/many/<int:pk>/", many.batch, name="batch"),
    path("offer/many/<int:pk>/take/", many.batch_take, name="batch_take"),
    path("offer/many/<int:pk>/faulty/", many.batch_faulty, name="batch_faulty"),
    path("offer/<slug:ref>/<slug:step>/", sections.step, name="step"),
    path("offer/<slug:ref>/<slug:step>/save/", sections.autosave, name="save"),
    path("offers/<slug:ref>/", public.offer_detail, name="detail"),
    path("offers/<slug:ref>/check/", own.check, name="check"),
    path("offers/<slug:ref>/hand-in/", own.hand_in, name="hand_in"),
    path("offers/<slug:ref>/withdraw/", own.withdraw, name="withdraw"),
    path("offers/<slug:ref>/extend/", own.extend, name="extend"),
    path("offers/<slug:ref>/recall/", own.recall, name="recall"),
    path("offers/<slug:ref>/give-back/", own.give_back, name="give_back"),
    path("offers/<slug:ref>/papers/<int:pk>/", sections.paper, name="paper"),
    path("offers/<slug:ref>/papers/<int:pk>/remove/", sections.paper_remove, name="paper_remove"),
    path("offers/<slug:ref>/photos/<int:pk>/remove/", sections.photo_remove, name="photo_remove"),
]
