from django.urls import path

from instruments.views.training import desk, public, results, wishes

app_name = "trainings"
urlpatterns = [
    path("", public.listing, name="list"),
    path("laboratory/", desk.managed, name="managed"),
    path("new/", desk.create, name="create"),
    path("wishes/", wishes.wishes, name="wishes"),
    path("wishes/<int:pk>/answer/", wishes.answer, name="wish_answer"),
    path("wish/<slug:slug>/", public.wish, name="wish"),
    path("wish/<slug:slug>/leave/", public.unwish, name="unwish"),
    path("<slug:ref>/", public.detail, name="detail"),
    path("<slug:ref>/calendar.ics", public.calendar, name="calendar"),
    path("<slug:ref>/edit/", desk.edit, name="edit"),
    path("<slug:ref>/results/", results.results, name="results"),
    path("<slug:ref>/ask/", public.ask, name="ask"),
    path("<slug:ref>/withdraw/", public.withdraw, name="withdraw"),
    path("<slug:ref>/participants/", desk.add, name="add"),
    path("<slug:ref>/participants/<int:pk>/give/", desk.give, name="place_give"),
    path("<slug:ref>/participants/<int:pk>/refuse/", desk.refuse, name="place_refuse"),
    path("<slug:ref>/<slug:verb>/", desk.move, name="move"),
]
