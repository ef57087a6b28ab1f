"""``manage.py serve``: the whole newsroom in one supervising process."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.tasks.serve import CannotServeError, Supervisor
from newsroom.tasks.welcome import welcome


class Command(BaseCommand):
    help = "Prepare the newsroom, then run web server and worker until told to stop."
    requires_system_checks = []  # the preparation, which runs first, checks

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--dev", action="store_true", help="reload on change, show errors")
        parser.add_argument("--ends-with", type=int, help="the process to end with")

    def handle(self, *args: Any, **options: Any) -> None:
        # Children start by relative names, and work on the same data wherever we were called.
        os.chdir(settings.BASE_DIR)
        os.environ["NEWSROOM_DATA"] = str(settings.NEWSROOM_DATA)
        os.environ["PORT"] = str(options["port"])
        supervisor = Supervisor(
            host=options["host"],
            port=options["port"],
            say=self._say,
            is_dev=options["dev"],
            ends_with=options["ends_with"],
        )
        try:
            supervisor.run(announce=lambda: self._say(welcome(options["port"])))
        except CannotServeError as problem:
            raise CommandError(str(problem)) from problem

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
