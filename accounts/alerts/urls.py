"""The addresses of follows and mails about stories; part of ``accounts.urls``."""

from django.urls import path

from accounts.views import follow, notifications, unsubscribe

urlpatterns = [
    path("account/notifications/", notifications.notifications, name="notifications"),
    path(
        "account/notifications/by-mail/<str:token>/",
        notifications.by_mail,
        name="notifications-by-mail",
    ),
    path("account/unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("account/follow/<str:kind>/<int:pk>/", follow.follow, name="follow"),
]
