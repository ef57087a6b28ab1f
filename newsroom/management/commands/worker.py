"""``manage.py worker``: run tasks and periodic jobs until told to stop."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsroom.tasks import lifeline
from newsroom.tasks.periodic import jobs
from newsroom.tasks.worker import Worker


class Command(BaseCommand):
    help = "Run tasks and periodic jobs until told to stop. Any number of workers may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ends-with", type=int, help="the process to end with")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(jobs())
        worker.stop_on_signals()
        if options["ends_with"]:
            lifeline.end_with(options["ends_with"])
        worker.run()
