"""Once a day the end of the chain leaves the database: into a file, and by mail to the chief."""

import datetime as dt
import json
import stat

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import ProofHead
from articles.proof import daily, files
from newsroom.keys import kept_key
from newsroom.tasks.periodic import jobs
from tests.accounts.doors import run_tasks
from tests.articles.proof.check import published_times
from tests.cast import make_publication, make_story, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.NEWSROOM_DATA = tmp_path
    return tmp_path


def today():
    return f"{timezone.now():%Y-%m-%d}"


def test_the_worker_keeps_the_head_once_a_day():
    job = next(job for job in jobs() if job.name == "proof")

    assert (job.every, job.function) == (dt.timedelta(days=1), daily.keep_head)


def test_the_file_says_where_the_chain_ends(data, settings):
    published_times(2)

    daily.keep_head()

    path = data / "proofs" / f"{today()}.json"
    facts = json.loads(path.read_text())
    head = ProofHead.objects.get()
    assert (facts["number"], facts["mark"]) == (2, head.mark)
    assert facts["site"] == settings.SITE_URL
    assert dt.datetime.fromisoformat(facts["at"]).tzinfo is not None
    assert files.read(path.name).is_ours
    assert [p.name for p in (data / "proofs").iterdir()] == [path.name]


def test_twice_on_a_day_is_once():
    make_story()
    staff("Chief editor")

    for _ in range(3):
        daily.keep_head()

    assert files.names() == [f"{today()}.json"]
    assert DBTaskResult.objects.filter(task_path="articles.proof.daily.send").count() == 1


def test_a_new_end_on_the_same_day_gets_a_file_of_its_own(data):
    make_story()
    daily.keep_head()
    first = (data / "proofs" / f"{today()}.json").read_text()
    make_story()

    for _ in range(2):
        daily.keep_head()

    mark = ProofHead.objects.get().mark
    assert sorted(files.names()) == sorted([f"{today()}.json", f"{today()}-{mark[:16]}.json"])
    assert (data / "proofs" / f"{today()}.json").read_text() == first


def test_each_day_has_its_file_though_nothing_new_went_out():
    make_story()
    head, now = ProofHead.objects.get(), timezone.now()

    for days in range(3):
        files.keep(head, at=now + dt.timedelta(days=days))

    assert len(files.names()) == 3


def test_nothing_published_is_nothing_to_prove(data):
    staff("Chief editor")

    daily.keep_head()

    assert not (data / "proofs").exists()
    run_tasks()
    assert mail.outbox == []


def test_the_chief_gets_it_by_mail(settings):
    make_publication(name="The Testing Post")
    chief = staff("Chief editor")
    make_story()

    daily.keep_head()
    run_tasks()

    (message,) = mail.outbox
    assert message.to == [chief.email]
    assert "The Testing Post" in message.subject
    assert ProofHead.objects.get().mark in message.body
    assert "verify_publications" in message.body
    assert settings.SITE_URL in message.body


def test_only_chiefs_who_work_here_and_confirmed_their_address_get_it():
    staff("Editor")
    chief = staff("Chief editor")
    make_story()
    for change in ({"is_active": False}, {"is_staff": False}):
        type(chief).objects.filter(pk=chief.pk).update(**change)
        assert daily._chiefs() == {}
        type(chief).objects.filter(pk=chief.pk).update(is_active=True, is_staff=True)
    assert daily._chiefs() == {chief.pk: chief.email}

    chief.emailaddress_set.update(verified=False)
    assert daily._chiefs() == {}


def test_a_chief_who_left_before_it_was_sent_gets_none():
    chief = staff("Chief editor")
    make_story()
    daily.keep_head()
    chief.groups.clear()

    run_tasks()

    assert mail.outbox == []


def test_a_folder_that_cannot_be_written_still_lets_the_mail_out(data):
    (data / "proofs").write_text("in the way")
    staff("Chief editor")
    make_story()

    with pytest.raises(OSError, match="exists"):
        daily.keep_head()

    run_tasks()
    assert len(mail.outbox) == 1


def test_the_demos_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    key = kept_key(tmp_path / "proof_key")

    assert kept_key(tmp_path / "proof_key") == key
    assert len(key) >= 50
    assert stat.S_IMODE((tmp_path / "proof_key").stat().st_mode) == 0o600
