"""The worker: tasks, retry, recovery after a kill, and periodic jobs that run once."""

import datetime as dt
import signal
import time

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsroom.models import PeriodicJob, WorkerLease
from newsroom.tasks import retry
from newsroom.tasks.leases import LOST_AFTER, Lease, recover
from newsroom.tasks.periodic import Job, register, run_due
from newsroom.tasks.worker import Worker
from tests.cast import make_publication
from tests.newsroom.tasks_to_run import fail, write, write_slowly
from tests.newsroom.test_weather import Service, answer

MINUTE = dt.timedelta(minutes=1)


def eventually(condition, *, within=60.0):
    """Wait for a condition; its last value, which must be true."""
    until = time.monotonic() + within
    while not (value := condition()) and time.monotonic() < until:
        time.sleep(0.1)
    assert value
    return value


def lines(path):
    return path.read_text().split() if path.exists() else []


# --- In this process: the rules ---


@pytest.mark.django_db
def test_a_failed_task_is_tried_again_after_growing_pauses_and_then_left_as_failed():
    fail.enqueue()
    worker = Worker([])
    for pause in retry.PAUSES:
        before = timezone.now()
        assert worker._run_one_task()
        row = DBTaskResult.objects.get()
        assert row.status == TaskResultStatus.READY
        assert "The printer is on fire" in row.traceback
        assert row.run_after >= before + pause
        assert not worker._run_one_task(), "it must wait for its pause"
        DBTaskResult.objects.update(run_after=timezone.now())
    assert worker._run_one_task()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert not worker._run_one_task()


@pytest.mark.django_db
def test_a_task_that_kills_every_worker_it_meets_is_given_up():
    write.enqueue("/nowhere")
    for number in range(len(retry.PAUSES) + 1):
        DBTaskResult.objects.get().claim(f"dead:{number}")
        assert recover("me") == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert recover("me") == 0


@pytest.mark.django_db
def test_the_work_of_a_living_worker_is_left_alone():
    write.enqueue("/nowhere")
    DBTaskResult.objects.get().claim("other")
    Lease("other").renew()
    assert recover("me") == 0
    WorkerLease.objects.update(seen_at=timezone.now() - LOST_AFTER - MINUTE)
    assert recover("me") == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


@pytest.mark.django_db
@pytest.mark.parametrize("queries", range(1, 7))
def test_a_worker_that_starts_while_another_looks_for_the_dead_keeps_its_work(queries):
    write.enqueue("/nowhere")
    register([Job("count", 1440 * MINUTE, lambda: None)])
    with connection.execute_wrapper(After(queries, begin_everything)):
        assert recover("me") == 0
    begin_everything()
    assert PeriodicJob.objects.get().claimed_by == "new"
    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING


class After:
    """Does something once, right after so many queries."""

    def __init__(self, queries, act):
        self.left, self.act = queries, act

    def __call__(self, execute, *question):
        answer = execute(*question)
        self.left -= 1
        if self.left == 0:
            self.act()
        return answer


def begin_everything():
    """What a worker does that starts now: the lease first, then what there is to do."""
    if WorkerLease.objects.filter(worker_id="new").exists():
        return
    Lease("new").renew()
    PeriodicJob.objects.update(claimed_by="new")
    DBTaskResult.objects.get().claim("new")


@pytest.mark.django_db
def test_a_periodic_job_runs_when_it_is_due_and_not_before():
    ran = []
    jobs = [Job("count", 5 * MINUTE, lambda: ran.append(1))]
    register(jobs)
    now = timezone.now()
    assert run_due(jobs, worker_id="a", at=now) == 1
    assert run_due(jobs, worker_id="a", at=now + 4 * MINUTE) == 0
    assert run_due(jobs, worker_id="a", at=now + 5 * MINUTE) == 1
    assert len(ran) == 2


@pytest.mark.django_db
def test_a_job_that_another_worker_has_begun_is_not_begun_again():
    jobs = [Job("outer", MINUTE, lambda: inner.append(run_due(jobs, worker_id="b")))]
    inner = []
    register(jobs)
    assert run_due(jobs, worker_id="a") == 1
    assert inner == [0]


@pytest.mark.django_db
def test_a_job_whose_worker_died_is_due_at_once():
    jobs = [Job("count", 1440 * MINUTE, lambda: None)]
    register(jobs)
    PeriodicJob.objects.update(claimed_by="dead")
    assert run_due(jobs, worker_id="a") == 0
    assert recover("a") == 1
    assert run_due(jobs, worker_id="a") == 1


@pytest.mark.django_db
def test_a_broken_job_says_so_in_its_row_and_hinders_no_other():
    ran = []
    jobs = [
        Job("broken", MINUTE, lambda: 1 / 0),
        Job("whole", MINUTE, lambda: ran.append(1)),
    ]
    register(jobs)
    assert run_due(jobs, worker_id="a") == 2
    assert ran
    row = PeriodicJob.objects.get(name="broken")
    assert "ZeroDivisionError" in row.last_error
    assert row.next_run_at > timezone.now()
    assert row.claimed_by == ""


@pytest.mark.django_db
def test_jobs_that_are_no_more_lose_their_rows_and_the_others_keep_their_time():
    register([Job("old", MINUTE, lambda: None), Job("kept", MINUTE, lambda: None)])
    due = timezone.now() + MINUTE
    PeriodicJob.objects.update(next_run_at=due)
    register([Job("kept", MINUTE, lambda: None), Job("new", MINUTE, lambda: None)])
    assert set(PeriodicJob.objects.values_list("name", flat=True)) == {"kept", "new"}
    assert PeriodicJob.objects.get(name="kept").next_run_at == due


# --- Real processes ---


@pytest.mark.race
def test_a_worker_runs_what_was_enqueued_and_its_heart_beats(live_site, tmp_path):
    write.enqueue(str(tmp_path / "trace"))
    live_site.start_worker()
    eventually(lambda: lines(tmp_path / "trace") == ["done"])
    first = WorkerLease.objects.get().seen_at
    eventually(lambda: WorkerLease.objects.get().seen_at > first)


@pytest.mark.race
def test_three_workers_run_each_of_many_tasks_once(live_site, tmp_path):
    paths = [tmp_path / str(number) for number in range(30)]
    for path in paths:
        write.enqueue(str(path))
    for _ in range(3):
        live_site.start_worker()
    eventually(lambda: all(map(lines, paths)))
    time.sleep(1)
    assert [lines(path) for path in paths] == [["done"]] * 30


@pytest.mark.race
def test_three_workers_run_a_due_job_once(live_site):
    with Service() as service:
        service.will_say(answer())
        service.pause = 0.5
        make_publication(latitude="40.7", longitude="-74")
        for _ in range(3):
            live_site.start_worker(OPEN_METEO_URL=service.url)
        eventually(lambda: PeriodicJob.objects.filter(name="weather", last_run_at__isnull=False))
        time.sleep(3)
        live_site.stop_others()
        assert len(service.questions) == 1


@pytest.mark.race
def test_a_task_of_a_killed_worker_is_begun_anew_by_another(live_site, tmp_path):
    trace = tmp_path / "trace"
    write_slowly.enqueue(str(trace), 3)
    first = live_site.start_worker()
    eventually(lambda: lines(trace))
    first.kill()
    first.wait()
    # In life this takes LOST_AFTER; the test does not wait for it.
    WorkerLease.objects.update(seen_at=timezone.now() - LOST_AFTER)
    live_site.start_worker()
    eventually(lambda: lines(trace) == ["begun", "begun", "done"])
    eventually(lambda: DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL)


@pytest.mark.race
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_finishes_its_task_first(live_site, tmp_path, number):
    trace = tmp_path / "trace"
    write_slowly.enqueue(str(trace), 2)
    worker = live_site.start_worker()
    eventually(lambda: lines(trace))
    worker.send_signal(number)
    assert worker.wait(10) == 0
    assert lines(trace) == ["begun", "done"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL
    assert not WorkerLease.objects.exists()


@pytest.mark.race
def test_a_worker_told_to_stop_gives_a_long_task_back_within_ten_seconds(live_site, tmp_path):
    trace = tmp_path / "trace"
    write_slowly.enqueue(str(trace), 600)
    worker = live_site.start_worker()
    eventually(lambda: lines(trace))
    worker.send_signal(signal.SIGTERM)
    worker.wait(10)
    assert not WorkerLease.objects.exists()
    live_site.start_worker()
    eventually(lambda: lines(trace) == ["begun", "begun"])
