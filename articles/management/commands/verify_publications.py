"""``manage.py verify_publications``: is everything that was public still as it went out?"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.proof import verify
from articles.proof.findings import Finding

# More would fill a screen and tell nothing new; all are counted.
MOST = 1000


class Command(BaseCommand):
    help = "Check every published version against the chain of proof, and the chain by its key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = verify.Counts()
        say = self._as_json if options["json"] else self._as_words
        wrong = say(verify.findings(counts), counts)
        if wrong:
            noun = "finding" if wrong == 1 else "findings"
            raise CommandError(f"{wrong} {noun}: not everything is as it was published.")

    def _as_words(self, findings: Iterator[Finding], counts: verify.Counts) -> int:
        wrong = told = 0
        for finding in findings:
            wrong += finding.is_wrong
            told += 1
            if told <= MOST:
                self.stdout.write(f"{'WRONG' if finding.is_wrong else 'Erased'}: {finding.text}")
        if told > MOST:
            self.stdout.write(f"… and {told - MOST} more.")
        self.stdout.write(
            f"Looked at {counts.versions} versions, {counts.links} links and {counts.files} files "
            "of proof."
        )
        if not counts.files and counts.links:
            self.stdout.write("No file of proof is here to compare with; the worker writes them.")
        if not wrong:
            self.stdout.write("All is as it was published.")
        return wrong

    def _as_json(self, findings: Iterator[Finding], counts: verify.Counts) -> int:
        wrong = told = 0
        shown = []
        for finding in findings:
            wrong += finding.is_wrong
            told += 1
            if told <= MOST:
                shown.append(asdict(finding) | {"is_wrong": finding.is_wrong})
        report = {
            "ok": not wrong,
            **asdict(counts),
            "wrong": wrong,
            "findings": shown,
            "left_out": max(0, told - MOST),
        }
        self.stdout.write(json.dumps(report, indent=1))
        return wrong
