from django.urls import path

from instruments.views import desk, desk_edit, desktop

app_name = "desk_instruments"
urlpatterns = [
    path("instruments/", desk.work_list, name="list"),
    path("instruments/new/", desk.create, name="create"),
    path("instruments/<slug:slug>/", desk.detail, name="detail"),
    path("instruments/<slug:slug>/edit/", desk_edit.edit, name="edit"),
    path("instruments/<slug:slug>/hours/", desk_edit.hours, name="hours"),
    path("instruments/<slug:slug>/policy/", desk_edit.policy, name="policy"),
    path("instruments/<slug:slug>/units/", desk_edit.units, name="units"),
    path("instruments/<slug:slug>/desktops/", desktop.listing, name="desktops"),
    path("instruments/<slug:slug>/desktops/<int:pk>/", desktop.edit, name="desktop"),
    path("instruments/<slug:slug>/closures/", desk_edit.closures, name="closures"),
    path("instruments/<slug:slug>/closures/<int:pk>/remove/", desk_edit.remove_closure, name="closure_remove"),
    path("instruments/<slug:slug>/<slug:verb>/", desk.move, name="move"),
]
