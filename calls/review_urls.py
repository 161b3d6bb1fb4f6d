from django.urls import path

from calls.views.judging import reviews

app_name = "reviews"
urlpatterns = [
    path("", reviews.review_list, name="list"),
    path("<slug:ref>/", reviews.review, name="review"),
    path("<slug:ref>/conflict/", reviews.review_conflict, name="conflict"),
]
