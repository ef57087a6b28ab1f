"""The house itself: settings, addresses, front page, worker."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        from newsroom import checks  # noqa: F401  registers them


class DeskAdminConfig(AdminConfig):
    """Django's admin with our own site object, so that the desk can order its rooms."""

    default_site = "articles.desk.admin_site.DeskSite"
