"""The chain of proof: what was public, in an order that nobody without the key can make anew."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from articles.models.append_only import AppendOnly, AppendOnlyQuerySet


class ProofLink(AppendOnly):
    """One link: a version went out, was withdrawn, or lost its content. See ``articles.proof``.

    ``mark`` is the HMAC of all other fields by a key outside the database, and ``previous`` the
    mark of the link before; times are those of the version's row. Things are plain numbers, so
    that a link outlives what it speaks of.
    """

    class Kind(models.TextChoices):
        VERSION = "version", "Went out"
        WITHDRAWAL = "withdrawal", "Withdrawn"
        ERASURE = "erasure", "Content erased"

    number = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    article_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    content_mac = models.CharField(
        max_length=64, blank=True, help_text="HMAC of the content; of an erasure's reason."
    )
    content_hash = models.CharField(max_length=64, blank=True, help_text="As in the version.")
    live_from = models.DateTimeField()
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    key_id = models.CharField(max_length=16)
    previous = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=64)

    objects: ClassVar[AppendOnlyQuerySet["ProofLink"]] = AppendOnlyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["article_id", "version", "kind"], name="proof_link_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="proof_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"Link {self.number}"


class ProofHead(models.Model):
    """The newest link, in one row that whoever appends must lock. Its seal needs the key, too."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.PositiveBigIntegerField(default=0)
    mark = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=16, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="proof_head_is_one")]

    def __str__(self) -> str:
        return f"Head: {self.number}"
