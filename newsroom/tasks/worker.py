"""The worker: runs tasks as they come and periodic jobs when they are due, until told to stop."""

import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

from django.db import OperationalError, close_old_connections
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction, is_locked_database_exception

from newsroom.tasks import retry
from newsroom.tasks.leases import Lease, new_worker_id, recover
from newsroom.tasks.periodic import Job, register, run_due, run_own

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0
RECOVER_EVERY = 5.0
STOP_WITHIN = 7.0
"""Seconds: between two looks for work when there was none, between two looks for dead workers,
and from the request to stop to giving the current task back unfinished."""


class Worker:
    """One process's work. ``run`` returns when ``stop`` was called and the current task is done."""

    def __init__(self, all_jobs: Sequence[Job]) -> None:
        self.jobs = all_jobs
        self.lease = Lease(new_worker_id())
        self._stopping = threading.Event()
        self._recovered_at = 0.0
        self._runner = TaskRunner(
            queue_names=["*"],
            interval=0,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.lease.worker_id,
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Work until told to stop."""
        with self.lease:
            register(self.jobs)
            while not self._stopping.is_set():
                close_old_connections()
                if not self._turn():
                    self._stopping.wait(LOOK_EVERY)

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Finish what is under way, but not for ever. Serves as a signal handler, too."""
        if not self._stopping.is_set():
            self._stopping.set()
            timer = threading.Timer(STOP_WITHIN, self._leave)
            timer.daemon = True
            timer.start()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)

    def _turn(self) -> bool:
        """One look at everything. Out: whether there was something to do."""
        try:
            if time.monotonic() - self._recovered_at > RECOVER_EVERY:
                recover(self.lease.worker_id)
                self._recovered_at = time.monotonic()
            jobs = run_due(self.jobs, worker_id=self.lease.worker_id) + run_own(self.jobs)
            return self._run_one_task() or bool(jobs)
        except OperationalError:
            # A database that restarts, or is locked by a long write, comes back: so do we.
            logger.warning("The worker could not reach the database", exc_info=True)
            return False

    def _run_one_task(self) -> bool:
        task = self._claim()
        if task is None:
            return False
        self._runner.run_task(task)
        if task.status == TaskResultStatus.FAILED:
            again = retry.after_failure(task)
            logger.warning(
                "Task %s failed%s:\n%s",
                task.task_path,
                ", to be tried again" if again else " for good",
                task.traceback,
            )
        return True

    def _claim(self) -> DBTaskResult[..., Any] | None:
        ready = DBTaskResult.objects.ready()
        # A read first: an idle worker takes no write lock, and holds up nobody.
        if not ready.exists():
            return None
        with exclusive_transaction(ready.db):
            try:
                task = ready.get_locked()
                if task is not None:
                    task.claim(self.lease.worker_id)
            except OperationalError as error:
                if is_locked_database_exception(error):
                    return None
                raise
        return task

    def _leave(self) -> None:
        logger.warning("The current task takes too long; another worker will begin it anew")
        self.lease.give_up()
        os._exit(1)
