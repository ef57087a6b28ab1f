"""Remove what is kept no longer: the rules are in ``accounts/privacy/retention.py``."""

from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.utils import timezone

from accounts.privacy import erasure, retention


class Command(BaseCommand):
    help = "Erase closed accounts whose week is over, and remove what is past its time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would go, and stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        is_trial = options["dry_run"]
        erased = erasure.due(now).count() if is_trial else erasure.erase_due(now)
        counted = retention.due(now) if is_trial else retention.purge(now)
        self.stdout.write("Would go:" if is_trial else "Gone:")
        self.stdout.write(f"{erased:8}  closed accounts whose week is over")
        for rule, count in counted:
            self.stdout.write(f"{count:8}  {rule.what}: {rule.how_long}")
