"""What the worker remembers between two starts."""

from django.db import models


class PeriodicJob(models.Model):
    """When a job of ``newsroom/tasks/periodic.py`` runs next. One row a job, shared by workers."""

    name = models.CharField(max_length=60, unique=True)
    next_run_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=64, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WorkerLease(models.Model):
    """A worker that lives. One that has not been seen for a while has lost its tasks."""

    worker_id = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["worker_id"]

    def __str__(self) -> str:
        return self.worker_id


class Purge(models.Model):
    """A cache in front has to be told that a key is over. Gone when it was told twice."""

    address = models.CharField(max_length=200)
    what = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} at {self.address}"
