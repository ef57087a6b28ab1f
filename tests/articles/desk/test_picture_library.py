"""The library as a grid: its cards, its filters, and how little it asks of the database."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Image
from tests.cast import make_article, make_image, make_publication, make_section, staff

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/image/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def photo(client):
    client.force_login(staff("Photo desk"))
    return client


def let(image: Image, **fields) -> Image:
    Image.objects.filter(pk=image.pk).update(**fields)
    return image


def shown(client, **query) -> set[str]:
    return {image.caption for image in client.get(LIST, query).context["cl"].result_list}


def test_a_card_says_what_it_is_and_what_it_lacks(photo):
    let(make_image(caption="Ships"), licence="agency", licence_ends=timezone.now() + 400 * DAY)
    make_image(caption="Bare", credit="", licence="", alt_text="")

    page = photo.get(LIST).content.decode()

    year = (timezone.localtime() + 400 * DAY).year
    assert "Agency, ends " in page
    assert str(year) in page
    for words in ("No credit", "No licence", "No alt text"):
        assert words in page


def test_a_blocked_and_an_ended_picture_say_so(photo):
    let(make_image(caption="B"), blocked_at=timezone.now(), block_reason="A claim")
    let(make_image(caption="E"), licence_ends=timezone.now() - DAY)
    let(make_image(caption="L"), licence_starts=timezone.now() + DAY)

    page = photo.get(LIST).content.decode()

    for words in ("Blocked</span>", ", ended ", ", begins "):
        assert words in page


def test_the_search_reads_all_words_of_picture_and_file(photo):
    image = make_image(caption="Ships")
    image.file_metadata = {"city": {"value": "Rotterdam"}}
    image.save()
    make_image(caption="Trams")

    assert shown(photo, q="rotterdam SHIPS") == {"Ships"}
    assert shown(photo, q="rotterdam trams") == set()


def test_rights_narrow_the_list_down(photo):
    now = timezone.now()
    make_image(caption="runs on")
    let(make_image(caption="ends soon"), licence_ends=now + 20 * DAY)
    let(make_image(caption="ended"), licence_ends=now)
    let(make_image(caption="begins"), licence_starts=now + DAY)
    let(make_image(caption="blocked"), blocked_at=now, block_reason="x", licence_ends=now)

    assert shown(photo, rights="running") == {"runs on", "ends soon"}
    assert shown(photo, rights="soon") == {"ends soon"}
    assert shown(photo, rights="ended") == {"ended"}
    assert shown(photo, rights="later") == {"begins"}
    assert shown(photo, rights="blocked") == {"blocked"}


def test_kind_of_licence_and_making_narrow_it_down(photo):
    ai = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    make_image(caption="ours", licence="own")
    make_image(caption="theirs", licence="agency", digital_source_type=ai)

    assert shown(photo, licence="agency") == {"theirs"}
    assert shown(photo, made="ai") == {"theirs"}
    assert shown(photo, made="unknown") == {"ours"}


def test_a_section_has_what_is_filed_there_and_what_leads_its_stories(photo):
    world, other = make_section("World"), make_section("Other")
    let(make_image(caption="filed"), section=world)
    make_article(section=world, lead_image=make_image(caption="leads"))
    let(make_image(caption="elsewhere"), section=other)

    assert shown(photo, section=world.pk) == {"filed", "leads"}


def test_a_photographer_is_found_by_a_part_of_the_name_and_offered_whole(photo):
    make_image(caption="one", creator="Ana Duarte")
    make_image(caption="two", creator="Ana Duarte Lima")
    make_image(caption="three", creator="Jing Li")

    assert shown(photo, creator="duarte") == {"one", "two"}
    assert shown(photo, creator="Ana Duarte") == {"one"}
    page = photo.get(LIST, {"creator": "duarte"}).content.decode()
    assert "?creator=Ana+Duarte+Lima" in page
    assert "?creator=Jing+Li" not in page


def test_days_of_arrival_and_of_making(photo):
    # 1 March on the newsroom's clock, 2 March in UTC.
    make_publication(zone="America/New_York")
    at = dt.datetime(2025, 3, 2, 3, tzinfo=dt.UTC)
    let(make_image(caption="old", date_created="2024-12-24"), created_at=at)
    make_image(caption="new", date_created="2025-01")

    for asked in ("2025", "2025-03", "2025-03-01"):
        assert shown(photo, arrived=asked) == {"old"}
    assert shown(photo, arrived="2025-03-02") == set()
    assert shown(photo, made_on="2024-12") == {"old"}
    assert shown(photo, made_on="2025") == {"new"}


@pytest.mark.parametrize("asked", ["2025-13", "soon", "2025-02-30", "0000", "9999", "2025-3"])
def test_what_is_no_date_is_said_and_breaks_nothing(photo, asked):
    make_image(caption="any")

    answer = photo.get(LIST, {"arrived": asked})

    assert answer.status_code == 200
    assert "That is no date." in answer.content.decode() or asked == "9999"
    assert f'value="{asked}"' in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"section": "x"},
        {"section": "9" * 30},
        {"section": "²"},
        {"rights": "x"},
        {"licence": "x"},
        {"made": "\x00"},
        {"creator": "\x00"},
        {"q": "\x00"},
        {"q": "word " * 500},
        {"q": "x" * 60_000},
        {"creator": "x" * 60_000},
    ],
)
def test_odd_questions_are_no_error(photo, query):
    make_image(caption="any")

    assert photo.get(LIST, query).status_code in {200, 302}


def many(count: int) -> None:
    one = make_image(caption="Ships", creator="Ana Duarte")
    Image.objects.bulk_create(
        Image(
            file=f"{number}.jpg",
            format="jpeg",
            width=1200,
            height=800,
            content_hash=f"{number:064d}",
            rendition_name=f"{number:032d}",
            caption=f"Ships {number}",
            creator=f"Person {number % 700}",
            search_text=f"ships {number}\nperson {number % 700}",
        )
        for number in range(count)
    )
    assert one.pk


@pytest.mark.parametrize(
    "query",
    [{}, {"q": "ships person"}, {"creator": "person"}, {"rights": "running"}, {"p": "40"}],
)
def test_the_list_asks_as_little_of_many_pictures_as_of_few(photo, query):
    make_section("World")
    many(30)
    photo.get(LIST)
    with CaptureQueriesContext(connection) as few:
        photo.get(LIST, query | ({"p": "2"} if "p" in query else {}))
    Image.objects.all().delete()
    many(3000)
    with CaptureQueriesContext(connection) as lots:
        page = photo.get(LIST, query)

    assert page.status_code == 200
    assert len(lots) == len(few) <= 12
    assert not [each for each in lots if "file_metadata" in each["sql"]]
