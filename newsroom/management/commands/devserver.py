"""``manage.py devserver``: Django's own server, which ends with the supervisor."""

import os
from typing import Any

from django.contrib.staticfiles.management.commands.runserver import Command as RunserverCommand
from django.core.management.base import CommandParser
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from newsroom.tasks import lifeline


class Command(RunserverCommand):
    help = "Serve for development, with reload on change. Started by make dev."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--ends-with", type=int, help="the process to end with")

    def handle(self, *args: Any, **options: Any) -> None:
        # The reloader runs us twice: itself, started by the supervisor, and the server below it.
        is_server = os.environ.get(DJANGO_AUTORELOAD_ENV) == "true"
        parent = os.getppid() if is_server else options["ends_with"]
        if parent:
            lifeline.end_with(parent)
        super().handle(*args, **options)
