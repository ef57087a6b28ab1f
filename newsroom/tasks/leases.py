"""Which workers live, and what becomes of the work of one that died.

A worker renews its lease every few seconds, from a thread, so that a long task does not make it
look dead. What a worker without a lease had begun is given back and begun anew by another one:
tasks and jobs run *at least* once, and must bear it.
"""

import logging
import os
import secrets
import socket
import threading
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsroom.models import PeriodicJob, WorkerLease
from newsroom.tasks import retry

logger = logging.getLogger(__name__)

RENEW_EVERY = 4.0
"""Seconds."""
LOST_AFTER = timedelta(seconds=20)


def new_worker_id() -> str:
    """A name no other worker has had: host, process, and chance."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(6)}"


class Lease:
    """The lease of one worker. ``with Lease(worker_id):`` keeps it while the block runs."""

    def __init__(self, worker_id: str) -> None:
        self.worker_id = worker_id
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> "Lease":
        self.renew()
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._end.set()
        self._thread.join(RENEW_EVERY)
        self.give_up()

    def renew(self) -> None:
        WorkerLease.objects.update_or_create(
            worker_id=self.worker_id, defaults={"seen_at": timezone.now()}
        )

    def give_up(self) -> None:
        """Say that this worker works no more: what it had begun is free at once."""
        WorkerLease.objects.filter(worker_id=self.worker_id).delete()

    def _keep(self) -> None:
        while not self._end.wait(RENEW_EVERY):
            try:
                self.renew()
            except DatabaseError:
                # The next turn tries again; five in a row may fail before the lease is lost.
                logger.warning("The worker could not renew its lease", exc_info=True)
            finally:
                connection.close()


def recover(own_worker_id: str) -> int:
    """Give back what dead workers had begun. Out: the number of tasks and jobs."""
    _forget_the_dead(own_worker_id)
    # What is begun first, who lives second. A worker that starts between the two has its lease
    # before it begins anything: the other way round, its work would look like that of a dead one.
    claims = list(PeriodicJob.objects.exclude(claimed_by="").values_list("pk", "claimed_by"))
    tasks = list(DBTaskResult.objects.running().only("pk", "worker_ids"))
    living = set(WorkerLease.objects.values_list("worker_id", flat=True))
    freed = [_free(job, worker) for job, worker in claims if worker not in living]
    given_back = [_give_back(task) for task in tasks if task.worker_ids[-1] not in living]
    return sum(freed) + sum(given_back)


def _forget_the_dead(own_worker_id: str) -> None:
    lost = WorkerLease.objects.filter(seen_at__lt=timezone.now() - LOST_AFTER)
    lost.exclude(worker_id=own_worker_id).delete()


def _free(job: int, worker_id: str) -> bool:
    """Let a job run at once, if it is still the dead worker's."""
    claimed = PeriodicJob.objects.filter(pk=job, claimed_by=worker_id)
    return bool(claimed.update(claimed_by="", next_run_at=timezone.now()))


def _give_back(task: DBTaskResult[..., Any]) -> bool:
    with transaction.atomic():
        running = DBTaskResult.objects.select_for_update().filter(
            pk=task.pk, status=TaskResultStatus.RUNNING
        )
        found = running.first()
        # Another worker may have been faster, and have begun it anew.
        if found is None or found.worker_ids != task.worker_ids:
            return False
        logger.warning("Task %s was left behind by %s", task.pk, task.worker_ids[-1])
        retry.after_loss(found)
    return True
