"""``manage.py reset_second_factor EMAIL``: for staff who lost phone and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.second_factor import reset


class Command(BaseCommand):
    help = "Remove the second factor of an account, so that its owner can set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account for {email}.")
        if not reset(user, by=None):
            self.stdout.write("It has no second factor. Nothing was changed.")
            return
        self.stdout.write("The second factor is removed, and every device is signed out.")
