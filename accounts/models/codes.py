"""How often an e-mailed code was tried, counted where all server processes see it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

MOST_TRIES = 5


class CodeTries(models.Model):
    """The tries at one code. The code itself is not here."""

    key = models.CharField(max_length=64, unique=True, help_text="Names one sent code.")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "code tries"
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="code_tries_limited"),
        ]

    def __str__(self) -> str:
        return f"{self.tries} of {MOST_TRIES}"
