"""``manage.py reindex``: make the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from articles.site.search import index, words_index


class Command(BaseCommand):
    help = "Make the search index anew from what is public."

    def handle(self, *args: Any, **options: Any) -> None:
        number = index.rebuild()
        words_index.make()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"Indexed {number} stories.")
