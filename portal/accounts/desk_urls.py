from django.urls import path

from portal.accounts.views import desk, directory, merging

app_name = "desk_accounts"
urlpatterns = [
    path("organisations/", desk.desk, name="organisations"),
    path("organisations/import/", directory.send, name="import"),
    path("organisations/import/template/", directory.template, name="import_template"),
    path("organisations/import/<int:pk>/", directory.trial, name="import_file"),
    path("organisations/import/<int:pk>/take/", directory.take, name="import_take"),
    path("organisations/import/<int:pk>/faulty/", directory.faulty, name="import_faulty"),
    path("organisations/doubles/", merging.doubles, name="doubles"),
    path("organisations/doubles/apart/", merging.apart, name="apart"),
    path("organisations/doubles/tell/apart/", merging.tell, {"verb": "apart"}, name="tell_apart"),
    path("organisations/doubles/tell/again/", merging.tell, {"verb": "again"}, name="compare_again"),
    path("organisations/<slug:slug>/verify/", desk.verify, name="verify"),
    path("organisations/<slug:slug>/edit/", desk.edit, name="edit"),
    path("organisations/<slug:slug>/merge/", merging.merge, name="merge"),
]
