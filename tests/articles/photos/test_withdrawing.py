"""Blocks, ends and what the worker does about them: once, whoever and how many do it."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import publishing
from articles.desk import picture_acts
from articles.models import Author, DeskPreference, Event, Image
from articles.photos import blocking, library, making, uses, withdrawing
from newsroom.tasks import periodic
from tests.accounts.doors import run_tasks
from tests.articles.desk.people import another
from tests.articles.publishing.acts import edit
from tests.cast import ed, lisa, make_article, make_image, make_section, make_story, staff
from tests.conftest import DATA
from tests.live import ROOT, child_environment

pytestmark = pytest.mark.django_db(transaction=True)

KIND = Event.Kind
DAY = dt.timedelta(days=1)


def let(image: Image, **fields: object) -> Image:
    Image.objects.filter(pk=image.pk).update(**fields)
    image.refresh_from_db()
    return image


def folder(image: Image) -> Path:
    return Path(storages["renditions"].path(image.rendition_name))


def told() -> list[str]:
    """Who got a mail, once the worker has done all that waits."""
    for _ in range(3):
        run_tasks()
    return sorted(message.to[0] for message in mail.outbox)


def events(kind: Event.Kind) -> list[Event]:
    return list(Event.objects.filter(kind=kind).order_by("pk"))


def ended(**fields: object) -> Image:
    image = make_image(**fields)
    making.make(image)
    return let(image, licence_ends=timezone.now() - dt.timedelta(seconds=1))


def test_blocking_takes_the_files_and_names_the_stories_hit():
    image = make_image()
    making.make(image)
    lead = make_story(lead_image=image)
    figure = make_story(body=f'<p>Words.</p><figure data-image="{image.pk}"></figure>')
    draft = make_article(lead_image=image)
    make_story(lead_image=make_image())

    event = blocking.block(image, by=ed(), reason="  Its owner\nobjects. ")

    image.refresh_from_db()
    assert (image.blocked_by, image.block_reason) == (ed(), "Its owner objects.")
    assert image.blocked_at is not None
    assert not folder(image).exists()
    assert event.kind == KIND.PICTURE_BLOCKED
    assert event.note == "Its owner objects."
    assert event.details["stories"] == [draft.pk, figure.article_id, lead.article_id]


def test_an_update_that_waits_is_a_story_hit():
    image = make_image()
    article = make_story().article
    words = f'<p>Words.</p><figure data-image="{image.pk}"></figure>'
    publishing.schedule(edit(article, body=words), editor=ed(), at=timezone.now() + DAY)
    edit(article, body="<p>Other words.</p>")
    led = make_story().article
    publishing.schedule(edit(led, lead_image=image), editor=ed(), at=timezone.now() + DAY)
    edit(led, lead_image=None)

    assert uses.stories_with(image) == [led.pk, article.pk]
    assert uses.stories_with(make_image()) == []


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_nothing_is_blocked_without_a_reason(reason):
    image = make_image()

    with pytest.raises(blocking.NotBlocked):
        blocking.block(image, by=ed(), reason=reason)

    image.refresh_from_db()
    assert image.blocked_at is None
    assert events(KIND.PICTURE_BLOCKED) == []


def test_the_first_of_two_blocks_stands():
    image = make_image()
    blocking.block(image, by=ed(), reason="First")

    with pytest.raises(blocking.NotBlocked):
        blocking.block(image, by=staff("Photo desk"), reason="Second")
    image.refresh_from_db()
    assert image.block_reason == "First"

    blocking.unblock(image, by=ed())
    with pytest.raises(blocking.NotBlocked):
        blocking.unblock(image, by=ed())
    assert len(events(KIND.PICTURE_BLOCKED)) == len(events(KIND.PICTURE_UNBLOCKED)) == 1


def test_a_picture_let_go_has_its_files_again_unless_its_licence_has_ended():
    running, over = make_image(), ended()
    for image in (running, over):
        blocking.block(image, by=ed(), reason="A claim")
    picture_acts.see_to_rights()
    DBTaskResult.objects.all().delete()
    for image in (running, over):
        blocking.unblock(image, by=ed())
    run_tasks()

    running.refresh_from_db()
    over.refresh_from_db()
    assert (running.withdrawn_at, folder(running).exists()) == (None, True)
    assert over.withdrawn_at is not None
    assert not folder(over).exists()


def test_the_worker_removes_files_of_ended_and_blocked_pictures_once():
    over, blocked, running = ended(), make_image(), make_image()
    for image in (blocked, running):
        making.make(image)
    let(blocked, blocked_at=timezone.now(), block_reason="A claim")

    assert picture_acts.see_to_rights() == 2
    assert picture_acts.see_to_rights() == 0

    assert [folder(image).exists() for image in (over, blocked, running)] == [False, False, True]
    found = {event.target_id: event.note for event in events(KIND.PICTURE_WITHDRAWN)}
    assert found == {
        str(over.pk): "Its licence has ended.",
        str(blocked.pk): "It is blocked.",
    }
    over.refresh_from_db()
    assert over.withdrawn_at is not None


def test_the_second_of_the_end_is_exact():
    image = make_image()
    end = timezone.now() + DAY
    let(image, licence_ends=end)
    quiet: list[Event] = []

    before = end - dt.timedelta(microseconds=1)
    assert withdrawing.withdraw_due(before, tell=quiet.append) == 0
    assert withdrawing.withdraw_due(end, tell=quiet.append) == 1
    assert len(quiet) == 1


def test_a_prolonged_licence_brings_the_files_back():
    image = ended()
    picture_acts.see_to_rights()
    image.refresh_from_db()
    DBTaskResult.objects.all().delete()
    image.licence_ends = timezone.now() + 30 * DAY

    library.correct(image, by=ed())
    run_tasks()

    image.refresh_from_db()
    assert image.withdrawn_at is None
    assert folder(image).exists()
    assert picture_acts.see_to_rights() == 0


@pytest.mark.parametrize(
    "change", [{"licence_starts": timezone.now() + DAY}, {"licence_ends": timezone.now() - DAY}]
)
def test_rights_taken_by_hand_remove_the_files_without_a_worker(change):
    image = make_image()
    making.make(image)
    for name, value in change.items():
        setattr(image, name, value)

    library.correct(image, by=ed())

    assert not folder(image).exists()


def test_a_picture_that_cannot_be_seen_to_does_not_keep_the_others(monkeypatch, caplog):
    broken, fine = ended(), ended()
    remove = making.remove

    def fail(name: str) -> None:
        if name == broken.rendition_name:
            raise OSError("The disk is away")
        remove(name)

    monkeypatch.setattr(making, "remove", fail)
    assert picture_acts.see_to_rights() == 1
    monkeypatch.undo()
    assert picture_acts.see_to_rights() == 1
    assert not folder(broken).exists()
    assert not folder(fine).exists()


def test_the_job_is_one_of_the_periodic_ones():
    [job] = [job for job in periodic.jobs() if job.name == "picture-rights"]

    assert job.every <= dt.timedelta(minutes=1)
    assert job.function is picture_acts.see_to_rights


def turns(count: int, *doom: str) -> list[int]:
    command = [sys.executable, "-m", "tests.doomed", "pictures", *doom]
    environment = child_environment(DATA)
    all_ = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(count)]
    return [process.wait(60) for process in all_]


@pytest.mark.race
def test_two_workers_at_once_write_each_thing_down_once():
    gone = [ended(size=(60, 40)) for _ in range(8)]
    ending = [
        let(make_image(size=(60, 40)), licence_ends=timezone.now() + 2 * DAY) for _ in range(8)
    ]
    DBTaskResult.objects.all().delete()

    assert turns(2) == [0, 0]

    for kind, pictures in ((KIND.PICTURE_WITHDRAWN, gone), (KIND.PICTURE_ENDING, ending)):
        numbers = sorted(int(event.target_id) for event in events(kind))
        assert numbers == sorted(image.pk for image in pictures)
    assert DBTaskResult.objects.count() == 16
    assert not any(folder(image).exists() for image in gone)


@pytest.mark.race
@pytest.mark.parametrize(
    "doom",
    [
        ("before", 'UPDATE "articles_image"', "1"),
        ("after", 'UPDATE "articles_image"', "1"),
        ("before", 'INSERT INTO "articles_event"', "1"),
        ("after", 'INSERT INTO "articles_event"', "1"),
    ],
    ids=" ".join,
)
def test_a_worker_killed_in_between_leaves_the_rest_to_the_next(doom):
    image = ended()
    DBTaskResult.objects.all().delete()

    assert turns(1, *doom) == [-9]
    assert turns(1) == [0]

    assert len(events(KIND.PICTURE_WITHDRAWN)) == 1
    assert DBTaskResult.objects.count() == 1
    assert not folder(image).exists()


def test_warnings_come_once_for_each_end_and_again_for_a_new_one():
    image = make_image()
    now = timezone.now()
    end = now + 10 * DAY
    let(image, licence_ends=end)
    said: list[Event] = []

    def warn(at: dt.datetime) -> int:
        return withdrawing.warn_of_ends(at, tell=said.append)

    assert warn(end - 7 * DAY - dt.timedelta(microseconds=1)) == 0
    assert warn(end - 7 * DAY) == 1
    assert warn(end - DAY) == 0
    let(image, licence_ends=end + DAY)
    assert warn(end - DAY) == 1
    assert warn(end + DAY) == 0
    assert [event.details["licence_ends"] for event in said] == [
        end.isoformat(),
        (end + DAY).isoformat(),
    ]


def test_no_one_is_warned_of_the_end_of_a_blocked_picture():
    image = let(make_image(), blocked_at=timezone.now(), block_reason="A claim")
    let(image, licence_ends=timezone.now() + DAY)

    assert withdrawing.warn_of_ends(timezone.now(), tell=lambda _: None) == 0


def story_of(writer, image: Image):
    Author.objects.filter(pk=lisa().pk).update(user=writer)
    return make_article(lead_image=image, headline="Ships wait")


def test_those_who_work_on_the_stories_are_told_of_a_block_and_nobody_else():
    writer, photo = another("Reporter", "Wim Writer"), staff("Photo desk")
    stranger = another("Reporter", "Sue Stranger")
    image = make_image(caption="The quay")
    article = story_of(writer, image)

    picture_acts.block(image, by=photo, reason="Its owner objects.")

    assert told() == [writer.email]
    assert stranger.email not in told()
    message = mail.outbox[0]
    assert message.subject == "Picture blocked: The quay"
    for text in (message.body, message.alternatives[0][0]):
        for words in (
            "Photo desk blocked this picture",
            "Its owner objects.",
            "Ships wait",
            f"/admin/articles/article/{article.pk}/change/",
            f"/admin/articles/image/{image.pk}/change/",
            "/admin/notices/",
        ):
            assert words in text


def test_where_nobody_of_a_story_can_be_reached_all_editors_are_told():
    editor, chief = staff("Editor"), staff("Chief editor")
    image = make_image()
    make_article(lead_image=image)

    picture_acts.block(image, by=ed(), reason="A claim")

    assert told() == sorted([editor.email, chief.email])


def test_a_picture_in_no_story_is_nobody_elses_business():
    staff("Editor")
    picture_acts.block(make_image(), by=ed(), reason="A claim")

    assert told() == []


def test_the_photo_desk_and_the_writers_are_told_of_an_end_before_and_at_it():
    writer, photo = another("Reporter", "Wim Writer"), staff("Photo desk")
    image = make_image(caption="The quay")
    story_of(writer, image)
    let(image, licence_ends=timezone.now() + DAY)

    picture_acts.see_to_rights()
    assert told() == sorted([writer.email, photo.email])
    assert mail.outbox[0].subject == "Licence ends soon: The quay"

    mail.outbox.clear()
    let(image, licence_ends=timezone.now())
    picture_acts.see_to_rights()
    assert told() == sorted([writer.email, photo.email])
    assert mail.outbox[0].subject == "Licence has ended: The quay"


def test_of_files_that_followed_a_block_nobody_is_told_again():
    writer = another("Reporter", "Wim Writer")
    image = make_image()
    story_of(writer, image)
    picture_acts.block(image, by=ed(), reason="A claim")
    assert told() == [writer.email]
    mail.outbox.clear()

    assert picture_acts.see_to_rights() == 1

    assert told() == []


def test_a_person_can_switch_these_mails_off():
    photo = staff("Photo desk")
    DeskPreference.objects.create(user=photo, mail_on_picture=False)
    let(make_image(), licence_ends=timezone.now() + DAY)

    picture_acts.see_to_rights()

    assert told() == []


def test_a_fallback_picture_is_in_use_and_stays():
    image = make_image()
    section = make_section()
    section.fallback_image = image
    section.save()

    [place] = uses.uses(image)
    assert (place.title, place.note) == ("World", "Fallback picture of the section")
    with pytest.raises(uses.InUse):
        library.take_out(image, by=ed())


def test_a_picture_that_a_waiting_update_brings_is_in_use_and_stays():
    image, story = make_image(), make_story()
    publishing.schedule(edit(story.article, lead_image=image), editor=ed(), at=timezone.now() + DAY)
    edit(story.article, lead_image=None)

    (place,) = uses.uses(image)
    assert (place.pk, place.note) == (story.article_id, "In an update that waits for its time")
    with pytest.raises(uses.InUse):
        library.take_out(image, by=ed())
