"""The house itself: settings, addresses, front page, worker."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_save, pre_save


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        from accounts.models import Device, Subscription, User
        from articles.signals import content_changing
        from newsroom import checks  # noqa: F401  registers them
        from newsroom.corpus import checks as corpus_checks  # noqa: F401  registers one more
        from newsroom.edge import watch

        connection_created.connect(watch.watch)
        content_changing.connect(watch.declare)
        for model in (User, Device, Subscription):
            pre_save.connect(watch.saving, sender=model)
            post_save.connect(watch.saved, sender=model)


class DeskAdminConfig(AdminConfig):
    """Django's admin with our own site object, so that the desk can order its rooms."""

    default_site = "articles.desk.admin_site.DeskSite"
