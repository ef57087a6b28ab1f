"""The jobs that come round again, and how each runs once however many workers there are."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError
from django.utils import timezone

from accounts.alerts import jobs as alerts
from accounts.billing import jobs as billing
from accounts.desk import open_ended
from accounts.privacy import erasure, retention
from articles import publishing
from articles.desk import bin as desk_bin
from articles.desk import kept_posts, picture_acts, presence, sharing
from articles.proof import daily
from articles.readership import jobs as readership
from newsroom import weather
from newsroom.models import PeriodicJob
from newsroom.purging import sending

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """``function`` is called about ``every`` so often, by one worker at a time.

    ``by_each``: by every worker, at any time, because it claims what it works on itself. Such a job
    waits for no worker that died.
    """

    name: str
    every: timedelta
    function: Callable[[], object]
    by_each: bool = False


def erase_closed() -> None:
    """Erase the accounts that were closed a week ago."""
    erasure.erase_due(timezone.now())


def purge_old() -> None:
    """Remove what is past its time of what is kept about readers, ended sessions among it."""
    retention.purge(timezone.now())


def jobs() -> Sequence[Job]:
    """Every periodic job of the newsroom."""
    return (
        Job("weather", timedelta(minutes=15), weather.refresh),
        Job("due-stories", timedelta(seconds=1), publishing.settle_due),
        Job("purges", timedelta(seconds=1), sending.send_due, by_each=True),
        Job("picture-rights", timedelta(seconds=10), picture_acts.see_to_rights),
        Job("announcements", timedelta(seconds=2), alerts.announce),
        Job("deliveries", timedelta(seconds=2), alerts.deliver),
        Job("stuck-deliveries", timedelta(minutes=1), alerts.recover),
        Job("presence", timedelta(minutes=5), presence.forget_gone),
        Job("kept-posts", timedelta(minutes=5), kept_posts.forget_old),
        Job("proof", timedelta(days=1), daily.keep_head),
        Job("billing", timedelta(seconds=1), billing.work_off, by_each=True),
        Job("money-mails", timedelta(seconds=2), billing.send_mails),
        Job("reconciling", timedelta(days=1), billing.reconcile),
        Job("open-ended", timedelta(hours=6), open_ended.report_monthly),
        Job("erasure", timedelta(hours=1), erase_closed),
        Job("retention", timedelta(days=1), purge_old),
        Job("bin", timedelta(days=1), desk_bin.empty),
        Job("most-read", timedelta(minutes=5), readership.renew_most_read),
        Job("old-reads", timedelta(days=1), readership.forget_old_reads),
        Job("preview-visits", timedelta(days=1), sharing.forget_old_visits),
    )


def register(all_jobs: Sequence[Job]) -> None:
    """Give each job its row, due at once; rows of jobs that are no more go."""
    names = [job.name for job in all_jobs if not job.by_each]
    PeriodicJob.objects.exclude(name__in=names).delete()
    PeriodicJob.objects.bulk_create(
        [PeriodicJob(name=name, next_run_at=timezone.now()) for name in names],
        ignore_conflicts=True,
    )


def run_due(all_jobs: Sequence[Job], *, worker_id: str, at: datetime | None = None) -> int:
    """Run the jobs that are due and not claimed by another worker. Out: how many ran."""
    now = at or timezone.now()
    free = PeriodicJob.objects.filter(next_run_at__lte=now, claimed_by="")
    due = set(free.values_list("name", flat=True))
    return sum(_run(job, worker_id, now) for job in all_jobs if job.name in due)


def run_own(all_jobs: Sequence[Job]) -> int:
    """Run the jobs that every worker does. Out: how many had something to do."""
    return sum(_run_own(job) for job in all_jobs if job.by_each)


def _run_own(job: Job) -> bool:
    try:
        return bool(job.function())
    except OperationalError:
        raise
    except Exception:
        # One broken job must not keep the others from running.
        logger.exception("Periodic job %s failed", job.name)
        return False


def _run(job: Job, worker_id: str, now: datetime) -> bool:
    rows = PeriodicJob.objects.filter(name=job.name)
    # The condition is the claim: of several workers one changes the row, the others none.
    if not rows.filter(next_run_at__lte=now, claimed_by="").update(claimed_by=worker_id):
        return False
    error = ""
    try:
        job.function()
    except Exception as problem:
        # One broken job must not keep the others from running.
        logger.exception("Periodic job %s failed", job.name)
        error = f"{type(problem).__name__}: {problem}"[:2000]
    rows.filter(claimed_by=worker_id).update(
        claimed_by="", next_run_at=now + job.every, last_run_at=timezone.now(), last_error=error
    )
    return True
