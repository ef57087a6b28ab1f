"""What becomes of a task that failed: it is tried again later, a few times, then left as failed."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
)
"""The pause after each attempt; a task is tried once more than there are pauses."""


class WorkerLostError(Exception):
    """The process that ran the task ended before the task did, every time it was tried."""


def after_failure(task: DBTaskResult[..., Any]) -> bool:
    """Let a failed task be run again after its pause. Out: False if that was the last attempt."""
    attempts = len(task.worker_ids)
    if attempts > len(PAUSES):
        return False
    # The traceback of the last failure stays readable until the next attempt ends.
    return bool(
        DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.FAILED).update(
            status=TaskResultStatus.READY,
            finished_at=None,
            run_after=timezone.now() + PAUSES[attempts - 1],
        )
    )


def after_loss(task: DBTaskResult[..., Any]) -> None:
    """Let a task whose worker died be run at once, unless it seems to kill each worker it meets."""
    if len(task.worker_ids) > len(PAUSES):
        task.set_failed(WorkerLostError())
    else:
        task.status = TaskResultStatus.READY
        task.save(update_fields=["status"])
