"""The stories: the desk's working copy, the door, and what readers get."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Stories"

    def ready(self) -> None:
        from articles.site.search import checks  # noqa: F401 - registers the check
