"""``manage.py corpus --articles 100000``: a large newspaper of invented stories, to measure on."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from newsroom.corpus import load, progress


class Command(BaseCommand):
    help = "Load invented stories until there are so many; goes on where it stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=int, required=True, metavar="N")
        parser.add_argument(
            "--beside",
            action="store_true",
            help="load although there are stories here that are not of the corpus",
        )

        parser.add_argument(
            "--processes",
            type=int,
            # One more than can run: it works while another waits for its turn at the chain.
            default=(os.cpu_count() or 1) + 1,
            metavar="N",
            help="how many load at once (default: one more than there are cores; SQLite: one)",
        )

    def handle(self, *, articles: int, beside: bool, processes: int, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("The corpus is never loaded in production. Nothing was done.")
        if not beside and load.has_others():
            raise CommandError(
                "There are other stories here. Nothing was done. Use an empty newsroom, or say "
                "--beside to load the corpus beside them."
            )
        before, began = load.count(), time.monotonic()
        processes = processes if connection.vendor == "postgresql" else 1
        load.begin(articles)
        work = load.load(articles, until=timezone.now(), at_a_time=processes)
        there = progress.tell(work, before=before, wanted=articles, say=self._say)
        load.finish()
        seconds = time.monotonic() - began
        self.stdout.write(f"There are {there:,} stories of the corpus; {seconds:.0f} s.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
