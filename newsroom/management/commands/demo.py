"""``manage.py demo``: fill an empty newsroom with The Meridian."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.demo.fill import empty, fill, is_empty


class Command(BaseCommand):
    help = "Fill an empty newsroom with the demo newspaper; does nothing to one that is in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help="remove EVERYTHING first, then fill (in demo mode only)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("The demo newsroom is never put into production. Nothing was done.")
        if options["reset"]:
            if settings.NEWSROOM_MODE != "demo":
                raise CommandError("--reset works in demo mode only. Nothing was done.")
            empty()
        if not is_empty():
            self.stdout.write("This newsroom is in use; the demo left it as it is.")
            return
        filled = fill(now=timezone.now())
        self.stdout.write(
            f"The Meridian is set up: {filled.stories} stories, {filled.pictures} pictures, "
            f"{filled.accounts} accounts."
        )
