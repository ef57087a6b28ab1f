"""Search, on whichever database the suite runs: the answers must be the same."""

import datetime as dt
import re

import pytest
from django.core.management import call_command

from articles import publishing
from articles.models import SectionListing
from articles.site.search import checks, engines, index
from articles.site.search.query import parse
from articles.site.search.results import mark
from tests import cast
from tests.articles.site.crowd import gather

pytestmark = pytest.mark.django_db


def found(client, typed):
    answer = client.get("/search/", {"q": typed})
    assert answer.status_code == 200
    html = answer.content.decode()
    links = re.findall(r'story-card__headline"><a href="([^"]*)"', html)
    return links, html


def test_a_story_is_found_by_each_of_its_public_words(client):
    story = cast.make_story(
        headline="Dredging begins",
        short_headline="Dredgers",
        standfirst="The quay moves.",
        body="<p>Lanterns hang above the jetty.</p>",
        takeaways=[("Tides", "They turn twice.")],
        topics=[cast.make_topic("Estuary")],
    )
    cast.make_story(headline="Something else", body="<p>Nothing of it.</p>")
    for typed in ("dredging", "Dredgers", "quay", "lanterns", "tides", "estuary", "Lisa dredging"):
        links, _ = found(client, typed)
        assert links == [story.path], typed


def test_words_are_found_in_their_other_forms_and_without_accents(client):
    story = cast.make_story(headline="The ferries of Orléans stop")
    for typed in ("ferry", "ferries", "orleans", "ORLÉANS", "stopped"):
        assert found(client, typed)[0] == [story.path], typed


def test_all_words_must_be_there_a_phrase_in_its_order_and_none_left_out(client):
    first = cast.make_story(headline="Grey harbour wall", body="<p>One.</p>")
    second = cast.make_story(headline="Wall of a grey house", body="<p>Two.</p>")
    assert found(client, "grey wall")[0] == [second.path, first.path]
    assert found(client, '"harbour wall"')[0] == [first.path]
    assert found(client, "grey -harbour")[0] == [second.path]
    assert found(client, "grey nowhere")[0] == []


def test_withheld_words_are_not_found_and_the_free_ones_are(client):
    story = cast.make_story(
        access="premium",
        headline="Behind the wall",
        body=f'<p>Openword stands here.</p><p>Two.</p><hr data-cut=""><p>Secretword.</p>'
        f"{cast.PARAGRAPH * 3}",
        takeaways=[("", "Takeawayword.")],
        sources=[{"title": "Sourceword"}],
    )
    assert found(client, "openword")[0] == [story.path]
    for typed in ("secretword", "takeawayword", "sourceword", "wall secretword"):
        links, html = found(client, typed)
        assert links == []
        assert "No story holds" in html


def test_a_story_that_becomes_premium_is_no_longer_found_by_what_is_withheld(client):
    article = cast.make_article(
        body=f'{cast.PARAGRAPH}<hr data-cut=""><p>Secretword.</p>{cast.PARAGRAPH * 3}'
    )
    story = cast.publish(article)
    assert found(client, "secretword")[0] == [story.path]
    article.access = "premium"
    article.save()
    cast.publish(article)
    assert found(client, "secretword")[0] == []


def test_an_unpublished_story_is_not_found_and_is_again_when_it_returns(client):
    story = cast.make_story(headline="Vanishing act")
    publishing.unpublish(story.article, editor=cast.ed())
    assert found(client, "vanishing")[0] == []
    cast.publish(story.article)
    assert found(client, "vanishing")[0] == [story.path]


def test_a_refused_publication_leaves_the_index_as_it_was(client):
    article = cast.make_article(headline="Steady words")
    cast.publish(article)
    article.headline = ""
    article.save()
    with pytest.raises(publishing.PublishRefused):
        cast.publish(article)
    assert len(found(client, "steady")[0]) == 1


def test_matches_are_marked_and_everything_else_is_escaped(client):
    cast.make_story(headline='Ship <b>"news"</b> & ships', standfirst="A ship’s log.")
    _, html = found(client, "ship")
    assert "<mark>Ship</mark> &lt;b&gt;&quot;news&quot;&lt;/b&gt; &amp; <mark>ships</mark>" in html
    assert mark("<ship>", frozenset({"ship"})) == "&lt;<mark>ship</mark>&gt;"


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        '"""',
        "'",
        "-",
        "--",
        "*",
        "ship*",
        "NEAR(ship wind)",
        "AND",
        "OR NOT",
        "words:ship",
        "^ship",
        "ship AND (wind",
        "{ship} : wind",
        "a & b | !c <-> d",
        "\\",
        "%",
        "\x00ship",
        "ship\x00",
        "🚢",
        "é" * 300,
        "x " * 5000,
        "<script>alert(1)</script>",
        "'; DROP TABLE search_index; --",
        "-ship",
        "\ud800",
    ],
)
def test_no_sign_is_an_error_or_a_command(client, typed):
    cast.make_story(headline="Ship in the wind")
    answer = client.get("/search/?q=" + _quoted(typed))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert found(client, "ship wind")[0]


def _quoted(typed):
    from urllib.parse import quote

    return quote(typed.encode("utf-8", "surrogatepass"))


def test_signs_have_no_meaning_but_quotes_and_minus():
    query = parse('Grey -"old wall" "harbour light -lamp')
    assert [(term.words, term.is_excluded) for term in query.terms] == [
        (("grey",), False),
        (("old", "wall"), True),
        (("harbour", "light", "lamp"), False),
    ]
    assert parse("-only").is_empty
    assert len(parse("word " * 100).terms) <= 12


def test_results_go_on_to_older_ones_and_the_count_is_exact(client):
    gather(stories=45, sections=2)
    index.rebuild()
    links, html = found(client, "story")
    assert "<strong>45 stories</strong>" in html
    older = re.search(r'href="([^"]+)" rel="next">Older results', html)[1].replace("&amp;", "&")
    assert len(links) == 20
    second = client.get(older).content.decode()
    assert len(re.findall("story-card__headline", second)) == 20
    assert "Newest results" in second


def test_the_count_is_capped(client, monkeypatch):
    gather(stories=8, sections=1)
    index.rebuild()
    monkeypatch.setattr(engines, "COUNT_CAP", 5)
    found = engines.engine().look(parse("story"), at=_now(), before=None, size=3)
    assert found.count > 5
    assert len(found.keys) == 3


def _now():
    from django.utils import timezone

    return timezone.now()


def test_the_day_of_a_story_is_no_word_of_it(client):
    story = cast.make_story(headline="Fog again")
    day = int(story.published_at.timestamp() // 86_400)
    for typed in (str(day), f"@{day}", f'"@{day}"', f"fog -@{day} nowhere"):
        assert found(client, typed)[0] == [], typed
    assert found(client, f"fog -@{day}")[0] == [story.path]


def test_the_page_is_never_indexed_and_its_box_keeps_the_words(client):
    _, html = found(client, 'a "quoted" <word>')
    assert '<meta name="robots" content="noindex">' in html
    assert 'value="a &quot;quoted&quot; &lt;word&gt;"' in html
    assert 'role="status"' in html


def test_reindexing_makes_the_index_whole_again(client, capsys):
    story = cast.make_story(headline="Forgotten harbour")
    index.remove(story.pk)
    assert found(client, "forgotten")[0] == []
    [warning] = checks.index_is_whole(databases=["default"])
    assert warning.id == "articles.W001"
    assert "reindex" in warning.hint
    call_command("reindex")
    assert "Indexed 1 stories." in capsys.readouterr().out
    assert found(client, "forgotten")[0] == [story.path]
    assert checks.index_is_whole(databases=["default"]) == []


# Of the 30 stories, by age: what each says beside "ships wait for", and whom a search must find.
SAYS = {
    "common": lambda n: n % 3 > 0,
    "old": lambda n: n >= 15,
    "rare": lambda n: n == 25,
}
SCANS = SAYS | {
    "common old": lambda n: n % 3 > 0 and n >= 15,
    '"wait for"': lambda n: True,
    "-old common": lambda n: n % 3 > 0 and n < 15,
}


@pytest.mark.parametrize("many", [-1, 1000])
@pytest.mark.parametrize("near", [3, 12, 1000])
@pytest.mark.parametrize("typed", SCANS)
def test_whichever_way_is_taken_the_answer_is_that_of_a_plain_scan(monkeypatch, typed, near, many):
    ways = {
        "COUNT_CAP": 1,
        "FEW": 2,
        "MANY": many,
        "NEAR": near,
        "COUNTED": near + 3,
        "MOST_DAYS": 4,
    }
    for name, value in ways.items():
        monkeypatch.setattr(engines, name, value)
    stories = gather(stories=30, sections=1)
    for n, story in enumerate(stories):
        words = [word for word, is_said in SAYS.items() if is_said(n)]
        at = _now() - dt.timedelta(hours=9 * n + 1)
        SectionListing.objects.filter(published=story).update(published_at=at)
        engines.engine().write(story.pk, at, f"ships wait for {' '.join(words)}")
    query, now = parse(typed), _now()

    pages, before, counts = [], None, set()
    while (found := engines.engine().look(query, at=now, before=before, size=4)).keys:
        pages += found.keys
        before = found.keys[-1]
        counts.add(min(found.count, 2))

    expected = [story.pk for n, story in enumerate(stories) if SCANS[typed](n)]
    assert [key.id for key in pages] == expected
    assert counts == {min(len(expected), 2)}
