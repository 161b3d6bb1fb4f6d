app_name = "desk_donations"
urlpatterns: list = []
