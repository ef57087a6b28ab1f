"""``manage.py prepare``: bring database, cache and static files up to this version."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from newsroom.tasks import lifeline
from newsroom.tasks.static import collect_if_changed


class Command(BaseCommand):
    help = (
        "Migrate the database, make the cache's tables, collect static files; fill the demo "
        "newsroom in demo mode, unless NEWSROOM_EMPTY is set."
    )

    requires_system_checks = []  # run by ourselves, with those of the database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ends-with", type=int, help="the process to end with")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["ends_with"]:
            lifeline.end_with(options["ends_with"])
        self.stdout.write("Preparing the newsroom …")
        self.stdout.flush()
        try:
            self.check(databases=["default"])
            call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        for database in settings.DATABASES:
            call_command("createcachetable", database=database, verbosity=0)
        if not settings.DEBUG:
            collect_if_changed()
        if settings.NEWSROOM_MODE == "demo" and not settings.NEWSROOM_EMPTY:
            call_command("demo", stdout=self.stdout)
