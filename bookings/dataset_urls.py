from django.urls import path

from bookings.views import dataset

app_name = "datasets"
urlpatterns = [
    path("", dataset.listing, name="list"),
    path("for/<slug:booking>/", dataset.make, name="make"),
    path("<slug:ref>/", dataset.detail, name="detail"),
    path("<slug:ref>/keep/", dataset.keep, name="keep"),
    path("<slug:ref>/send/", dataset.send, name="send"),
    path("<slug:ref>/files/", dataset.files, name="files"),
    path("<slug:ref>/files/<int:pk>/", dataset.file, name="file"),
    path("<slug:ref>/files/<int:pk>/remove/", dataset.remove, name="remove"),
    path("<slug:ref>/uploads/<uuid:token>/give-up/", dataset.give_up, name="give_up"),
]
