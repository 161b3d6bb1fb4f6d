from django.urls import path

from portal.accounts.views import organisations

app_name = "organisations"
urlpatterns = [
    path("", organisations.index, name="list"),
    path("propose/", organisations.propose, name="propose"),
    path("memberships/<int:pk>/<slug:verb>/", organisations.move, name="move"),
    path("<slug:slug>/members/", organisations.members, name="members"),
]
