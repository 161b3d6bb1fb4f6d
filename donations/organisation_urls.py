app_name = "gifts"
urlpatterns: list = []
