"""The words of the demo: complete, well formed, and each story its own."""

import re
from itertools import chain

import pytest
from PIL import Image as Picture

from articles import body
from articles.models.article import TAKEAWAY_LENGTH
from newsroom.demo.reading import CONTENT, PICTURES, documents, table

STORIES = list(documents("stories"))
DRAFTS = list(documents("drafts"))
NAMES = [story.name for story in STORIES]
each_story = pytest.mark.parametrize("story", STORIES, ids=NAMES)


def words_of(story) -> str:
    facts = story.facts
    takeaways = [takeaway["text"] for takeaway in facts.get("takeaways", [])]
    figures = re.findall(r'data-(?:caption|alt)="([^"]*)"', story.body)
    rest = [facts["standfirst"], facts.get("picture_caption", "")]
    return "\n".join(chain([body.plain_text(story.body)], takeaways, figures, rest))


def long_sentences(story) -> set[str]:
    sentences = re.split(r"(?<=[.?!”])\s+", " ".join(words_of(story).split()))
    return {sentence for sentence in sentences if len(sentence) > 60}


def test_no_two_stories_share_a_long_sentence():
    seen: dict[str, str] = {}
    shared = []
    for story in [*STORIES, *DRAFTS]:
        for sentence in long_sentences(story):
            if seen.setdefault(sentence, story.name) != story.name:
                shared.append((sentence, seen[sentence], story.name))

    assert len(seen) > 500
    assert shared == []


@each_story
def test_a_story_has_a_readable_length(story):
    assert 250 <= body.count_words(story.body) <= 750


@pytest.mark.parametrize("story", [*STORIES, *DRAFTS], ids=lambda story: story.name)
def test_the_keys_of_a_story_lead_somewhere(story):
    facts = story.facts
    figures = re.findall(r'<figure data-image="([^"]*)"', story.body)
    pictures = [*figures, *filter(None, [facts.get("picture")])]

    assert facts["section"] in slugs("sections")
    assert {line["author"] for line in facts["bylines"]} <= slugs("authors")
    assert set(facts["topics"]) <= slugs("topics")
    assert set(pictures) <= set(table("pictures")["pictures"])


@each_story
def test_a_story_keeps_to_the_limits_of_its_fields(story):
    facts = story.facts

    assert len(facts["headline"]) <= 110
    assert 0 < len(facts["short_headline"]) <= 70
    assert 0 < len(facts["standfirst"]) <= 300
    assert len(facts.get("takeaways", [])) <= 6
    assert all(0 < len(each["text"]) <= TAKEAWAY_LENGTH for each in facts.get("takeaways", []))


@pytest.mark.parametrize("story", [*STORIES, *DRAFTS], ids=lambda story: story.name)
def test_the_body_loses_no_word_and_no_figure_to_the_sanitiser(story):
    html = re.sub(r'data-image="[^"]*"', 'data-image="7"', story.body)
    clean = body.sanitise(html)

    assert body.plain_text(clean) == body.plain_text(html)
    assert len(body.figures(clean)) == html.count("<figure")
    assert clean.count("data-cut") == html.count("data-cut")


def test_the_lead_has_the_parts_of_a_full_article():
    lead = next(story for story in STORIES if story.facts.get("prominence") == "lead")
    heads = re.findall(r"<h2>(.*?)</h2>", lead.body)

    assert len(lead.facts["takeaways"]) == 5
    assert all(takeaway["label"] for takeaway in lead.facts["takeaways"])
    assert len(heads) == 5
    assert heads[-1] == "Conclusion"
    assert "<figure" in lead.body
    assert lead.facts["sources"]
    assert lead.facts["dateline"] == "New York"


def test_no_two_stories_share_an_address():
    addresses = [story.facts["slug"] for story in [*STORIES, *DRAFTS]]

    assert len(set(addresses)) == len(addresses)


def test_every_topic_author_and_picture_is_used():
    placed = {line["author"] for story in STORIES for line in story.facts["bylines"]}
    named = {topic for story in STORIES for topic in story.facts["topics"]}
    shown = {story.facts.get("picture") for story in STORIES}

    assert placed == slugs("authors")
    assert named == slugs("topics")
    assert set(table("pictures")["pictures"]) - shown == slugs("authors")


def test_pages_are_the_six_of_the_footer_and_lose_nothing_to_the_sanitiser():
    pages = list(documents("pages"))

    assert {page.facts["slug"] for page in pages} == {
        *("about", "contact", "standards", "privacy", "terms", "rights")
    }
    for page in pages:
        assert body.plain_text(body.sanitise(page.body)) == body.plain_text(page.body)
        assert body.count_words(page.body) > 100


def test_the_files_stay_small():
    pictures = list(PICTURES.iterdir())

    assert {path.stem for path in pictures} == set(table("pictures")["pictures"])
    assert sum(path.stat().st_size for path in pictures) < 1_600_000
    assert max(path.stat().st_size for path in CONTENT.rglob("*") if path.is_file()) < 40_000


def slugs(name: str) -> set[str]:
    return {facts["slug"] for facts in table(name)[name]}


@pytest.mark.parametrize("key", sorted(table("pictures")["pictures"]))
def test_a_drawing_carries_its_own_rights(key):
    facts = table("pictures")["defaults"] | table("pictures")["pictures"][key]
    with Picture.open(PICTURES / f"{key}.jpg") as drawing:
        said = drawing.getxmp()["xmpmeta"]["RDF"]["Description"]

    assert said["creator"]["Seq"]["li"] == facts["creator"]
    assert said["Credit"] == facts["credit"]
    assert said["Source"] == facts["source"]
    assert said["rights"]["Alt"]["li"]["text"] == facts["copyright_notice"]
    assert said["UsageTerms"]["Alt"]["li"]["text"] == facts["licence_terms"]
    assert said["description"]["Alt"]["li"]["text"] == facts["caption"]
    assert said["AltTextAccessibility"]["Alt"]["li"]["text"] == facts["alt_text"]
