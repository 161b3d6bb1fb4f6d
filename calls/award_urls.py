from django.urls import path

from calls.views import award

app_name = "awards"
urlpatterns = [
    path("", award.award_list, name="list"),
    path("<slug:ref>/", award.award_detail, name="detail"),
    path("<slug:ref>/accept/", award.award_accept, name="accept"),
    path("<slug:ref>/refuse/", award.award_refuse, name="refuse"),
    path("<slug:ref>/members/add/", award.member_add, name="member_add"),
    path("<slug:ref>/members/<int:pk>/remove/", award.member_remove, name="member_remove"),
]
