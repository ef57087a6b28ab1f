"""Whoever has the database and not the key changes nothing unseen."""

import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from articles import publishing
from articles.models import ProofHead, ProofLink, PublishedVersion
from articles.proof import daily, files, keys, marks
from tests.articles.proof.check import (
    codes,
    drop_version,
    is_postgres,
    published_times,
    put,
    sql,
    texts,
    verify,
    work_out_anew,
)
from tests.cast import ed, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.NEWSROOM_DATA = tmp_path
    return tmp_path


@pytest.fixture
def stories():
    """Three stories of three versions each: links 1 to 9."""
    return [published_times(3) for _ in range(3)]


def test_what_nobody_touched_is_as_it_was_published(stories):
    publishing.unpublish(stories[1].article, editor=ed())
    daily.keep_head()

    is_content, report = verify()

    assert is_content
    assert (report["versions"], report["links"], report["files"]) == (9, 12, 1)
    assert report["findings"] == []


def test_an_empty_newsroom_has_nothing_to_check():
    assert codes() == []


def test_one_changed_byte_is_found(stories):
    version = PublishedVersion.objects.get(article=stories[1].article, number=2)
    sql(
        "UPDATE articles_publishedversion SET content = "
        "CAST(REPLACE(CAST(content AS text), 'day 2', 'day 9') AS jsonb) WHERE id = %s"
        if is_postgres()
        else "UPDATE articles_publishedversion SET content = REPLACE(content, 'day 2', 'day 9') "
        "WHERE id = %s",
        version.pk,
    )

    assert codes() == ["content_changed"]
    assert f"Version 2 of story {version.article_id} has another content" in texts()


@pytest.mark.parametrize("content", ["7b22ff", "7b226865", "", "5b5d", "226122", "31"])
def test_a_content_that_is_none_any_more_is_found_and_ends_nothing(stories, client, content):
    """As a byte flipped in the database's own file: what no statement could have written."""
    version = PublishedVersion.objects.get(article=stories[1].article, number=2)
    if is_postgres():
        # It takes nothing but JSON, whoever writes.
        sql("UPDATE articles_publishedversion SET content = '[1]' WHERE id = %s", version.pk)
    else:
        sql("PRAGMA ignore_check_constraints = 1")
        sql(
            "UPDATE articles_publishedversion SET content = CAST(%s AS TEXT) WHERE id = %s",
            bytes.fromhex(content),
            version.pk,
        )
        sql("PRAGMA ignore_check_constraints = 0")

    assert codes() == ["content_changed"]
    client.force_login(staff("Chief editor"))
    page = client.get(f"/admin/articles/article/{version.article_id}/said/2/")
    assert "The chain does not confirm this version." in page.content.decode()


def test_a_changed_byte_is_found_though_the_plain_hash_was_worked_out_anew(stories):
    version = PublishedVersion.objects.get(article=stories[1].article, number=2)
    content = version.content | {"headline": "Ships wait no more"}
    put(version, content=content, content_hash=marks.content_hash(content))

    assert codes() == ["content_changed", "hash_changed"]


@pytest.mark.parametrize("name", ["live_from", "created_at"])
def test_a_changed_time_is_found(stories, name):
    version = PublishedVersion.objects.get(article=stories[0].article, number=1)
    put(version, **{name: getattr(version, name) - dt.timedelta(seconds=1)})

    assert codes() == ["times_changed"]


def test_a_withdrawal_that_was_not_is_found(stories):
    version = PublishedVersion.objects.get(article=stories[0].article, number=3)
    put(version, withdrawn_at=timezone.now())

    assert codes() == ["times_changed"]
    assert "when it was withdrawn" in texts()


def test_a_withdrawal_taken_back_is_found(stories):
    publishing.unpublish(stories[0].article, editor=ed())
    version = PublishedVersion.objects.get(article=stories[0].article, number=3)
    put(version, withdrawn_at=None)

    assert codes() == ["times_changed"]


def test_a_version_dropped_in_the_middle_is_found(stories):
    drop_version(stories[1], 2)

    assert codes() == ["version_missing"]
    assert f"Version 2 of story {stories[1].article_id} is missing; later ones are" in texts()


def test_a_version_dropped_at_the_end_is_found(stories):
    drop_version(stories[1], 3)

    assert codes() == ["version_missing"]
    assert "it was the last" in texts()


def test_a_whole_story_dropped_is_found(stories):
    sql("DELETE FROM articles_publishedversion WHERE article_id = %s", stories[1].article_id)

    assert codes() == ["story_missing"]
    assert f"Story {stories[1].article_id} is missing whole, with all its 3 versions" in texts()


def test_a_whole_story_dropped_with_its_links_is_found(stories):
    sql("DELETE FROM articles_publishedversion WHERE article_id = %s", stories[1].article_id)
    sql("DELETE FROM articles_prooflink WHERE article_id = %s", stories[1].article_id)

    assert codes() == ["link_missing"]
    assert "Links 4 to 6 of the chain are missing" in texts()


def test_the_newest_version_dropped_with_its_link_is_found_by_the_head(stories):
    drop_version(stories[2], 3)
    sql("DELETE FROM articles_prooflink WHERE number = 9")

    assert codes() == ["link_missing"]


def test_the_gap_stays_to_be_seen_when_more_is_published(stories):
    drop_version(stories[2], 3)
    sql("DELETE FROM articles_prooflink WHERE number = 9")
    published_times(1)

    assert ProofLink.objects.order_by("-number").first().number == 10
    assert codes() == ["link_missing"]


def test_the_end_dropped_and_the_head_set_back_is_found_by_its_seal(stories):
    drop_version(stories[2], 3)
    sql("DELETE FROM articles_prooflink WHERE number = 9")
    last = ProofLink.objects.get(number=8)
    sql("UPDATE articles_proofhead SET number = 8, mark = %s", last.mark)

    assert codes() == ["end_differs"]


def test_the_end_dropped_and_an_old_head_put_back_is_found_by_the_proof_of_the_day(stories):
    last = ProofHead.objects.get()
    published_times(1)
    daily.keep_head()
    link = ProofLink.objects.get(number=10)
    sql("DELETE FROM articles_publishedversion WHERE article_id = %s", link.article_id)
    sql("DELETE FROM articles_prooflink WHERE number = 10")
    sql("UPDATE articles_proofhead SET number = 9, mark = %s, seal = %s", last.mark, last.seal)

    assert codes() == ["file_differs"]


def test_an_empty_chain_is_found_by_the_proof_of_the_day(stories):
    daily.keep_head()
    sql("DELETE FROM articles_prooflink")
    sql("DELETE FROM articles_proofhead")
    sql("DELETE FROM articles_publishedversion")

    assert codes() == ["file_differs"]


def test_two_versions_with_their_contents_swapped_are_found(stories):
    one, two = PublishedVersion.objects.filter(article=stories[0].article, number__lt=3)
    put(one, content=two.content, content_hash=two.content_hash)
    put(two, content=one.content, content_hash=one.content_hash)

    assert codes() == ["content_changed", "hash_changed"] * 2


def test_two_versions_with_their_numbers_swapped_are_found(stories):
    for number, other in ((1, 99), (2, 1), (99, 2)):
        sql(
            "UPDATE articles_publishedversion SET number = %s "
            "WHERE article_id = %s AND number = %s",
            other,
            stories[0].article_id,
            number,
        )

    assert set(codes()) == {"content_changed", "hash_changed", "times_changed"}


def test_two_links_swapped_are_found(stories):
    for number, other in ((4, 99), (5, 4), (99, 5)):
        sql("UPDATE articles_prooflink SET number = %s WHERE number = %s", other, number)

    found = codes()
    assert {"link_out_of_order", "link_changed"} == set(found)
    assert "Links 4 to 6 of the chain do not follow one another" in texts()


def test_a_link_dropped_in_the_middle_is_found(stories):
    sql("DELETE FROM articles_prooflink WHERE number = 5")

    assert codes() == ["link_missing", "not_sealed"]
    assert "Link 5 of the chain is missing" in texts()


def test_a_version_put_in_past_the_door_is_found(stories):
    version = PublishedVersion.objects.get(article=stories[0].article, number=3)
    version.pk, version.number = None, 4
    PublishedVersion.objects.bulk_create([version])

    assert codes() == ["not_sealed"]


def test_all_worked_out_anew_with_another_key_is_found(stories, settings):
    version = PublishedVersion.objects.get(article=stories[1].article, number=2)
    own = settings.PROOF_KEY
    settings.PROOF_KEY = "a key of the forger's own"
    put(version, content=version.content | {"headline": "Ships wait no more"})
    work_out_anew(keys.current())
    settings.PROOF_KEY = own

    assert codes() == ["end_differs", "key_unknown"]
    assert "Links 1 to 9 of the chain were made with a key unknown here" in texts()


def test_all_worked_out_anew_under_the_name_of_the_right_key_is_found(stories):
    version = PublishedVersion.objects.get(article=stories[1].article, number=2)
    put(version, content=version.content | {"headline": "Ships wait no more"})
    work_out_anew(keys.Key(keys.current().id, b"guessed"))

    assert set(codes()) == {"end_differs", "link_changed", "content_changed"}


def test_all_worked_out_anew_is_found_by_the_proof_of_the_day_even_with_the_key(stories):
    """Whoever stole the key, too, still has the files and the chief's mail against them."""
    daily.keep_head()
    version = PublishedVersion.objects.get(article=stories[1].article, number=2)
    content = version.content | {"headline": "Ships wait no more"}
    put(version, content=content, content_hash=marks.content_hash(content))
    work_out_anew(keys.current())

    assert codes() == ["file_differs"]


def test_a_changed_file_of_proof_is_found(stories, data):
    daily.keep_head()
    (name,) = files.names()
    path = data / "proofs" / name
    path.write_text(path.read_text().replace('"number": 9', '"number": 8'))

    assert codes() == ["file_changed"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"number": "x"', "\x00"])
def test_a_file_of_proof_that_is_none_is_told_and_ends_nothing(stories, data, text):
    (data / "proofs").mkdir()
    (data / "proofs" / "2026-03-03.json").write_text(text)

    assert codes() == ["file_changed"]


def test_after_a_change_of_keys_both_are_known(stories, settings):
    daily.keep_head()
    settings.PROOF_KEY_FALLBACKS = [settings.PROOF_KEY]
    settings.PROOF_KEY = "the key of the next year"
    published_times(2)
    daily.keep_head()

    assert codes() == []
    assert len(set(ProofLink.objects.values_list("key_id", flat=True))) == 2

    settings.PROOF_KEY_FALLBACKS = []
    assert codes() == ["key_unknown"]
    assert "PROOF_KEY_FALLBACKS" in texts()


def test_the_report_in_words_says_what_was_looked_at(stories, capsys):
    from django.core.management import CommandError, call_command

    call_command("verify_publications")
    words = capsys.readouterr().out
    assert "Looked at 9 versions, 9 links and 0 files of proof." in words
    assert "All is as it was published." in words

    drop_version(stories[1], 2)
    with pytest.raises(CommandError, match="1 finding: not everything"):
        call_command("verify_publications")
    words = capsys.readouterr().out
    assert f"WRONG: Version 2 of story {stories[1].article_id} is missing" in words
    assert "All is as" not in words


def test_the_hash_needs_no_key_and_can_be_worked_out_by_anyone(stories):
    version = PublishedVersion.objects.get(article=stories[0].article, number=1)

    assert version.content_hash == hashlib.sha256(marks.canonical(version.content)).hexdigest()


def test_a_check_writes_nothing(stories):
    sql("DELETE FROM articles_proofhead")

    assert codes() == ["end_differs"]
    assert not ProofHead.objects.exists()
