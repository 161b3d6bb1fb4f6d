from django.urls import path

from portal.pages import mailbox, views
from portal.pages.demand.views import demand
from portal.pages.low_data import low_data
from portal.pages.search.views import search

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("desk/", views.desk, name="desk"),
    path("desk/demand/", demand, name="demand"),
    path("low-data/", low_data, name="low_data"),
    path("search/", search, name="search"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.mailbox_message, name="mailbox_message"),
]
