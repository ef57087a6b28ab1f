"""``manage.py publish 7 8 --as editor@example.com``: stories go out by the rules of the desk."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.desk.publish_many import publish_each
from articles.models import Article


class Command(BaseCommand):
    help = "Publish stories, as their editor would. Refused ones are named, and the others go out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", nargs="+", type=int, metavar="id", help="Of a story.")
        parser.add_argument(
            "--as", dest="editor", required=True, metavar="EMAIL", help="The editor's account."
        )

    def handle(self, *, numbers: list[int], editor: str, **options: Any) -> None:
        user = get_user_model()._default_manager.filter(
            email=editor.strip().lower(), is_active=True, is_staff=True
        )
        person = user.first()
        if person is None:
            raise CommandError(f"Nobody at the desk has the address {editor}.")
        stories = Article.objects.select_related("published").in_bulk(numbers)
        refused = [number for number in dict.fromkeys(numbers) if number not in stories]
        for number in refused:
            self.stderr.write(f"{number}: there is no such story.")
        for outcome in publish_each(stories.values(), editor=person):
            name = f"{outcome.article.pk} “{outcome.article}”"
            if outcome.reasons:
                refused.append(outcome.article.pk)
                self.stderr.write(f"{name}: {' '.join(outcome.reasons)}")
            else:
                self.stdout.write(f"{name}: published.")
        if refused:
            raise CommandError(f"Not published: {len(refused)}.")
