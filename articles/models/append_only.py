"""Rows that are written once and never again: the audit trail and the chain of proof.

This guards against a slip of our own code; against whoever writes to the database by hand stands
the chain itself. What the database does by itself, as forgetting the account of an actor that is
deleted, passes it by.
"""

from typing import Any, NoReturn, TypeVar

from django.db import models

_Row = TypeVar("_Row", bound=models.Model)


class WrittenOnce(Exception):
    """The row stays as it was written."""


class AppendOnlyQuerySet(models.QuerySet[_Row]):
    def update(self, **values: Any) -> NoReturn:
        raise WrittenOnce(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        raise WrittenOnce(f"{self.model.__name__} rows are never deleted.")


class AppendOnly(models.Model):
    """A model whose rows may be added and read, and nothing else."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise WrittenOnce(f"{self} was written once and stays.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise WrittenOnce(f"{self} was written once and stays.")
