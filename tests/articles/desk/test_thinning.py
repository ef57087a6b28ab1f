"""Autosaves go only where a later revision of the same tab holds all their words."""

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.desk import autosave, revisions, saving, thinning
from articles.desk.working_copy import write
from articles.models import Article, Revision
from tests.cast import ed, make_article, staff

TAB, OTHER_TAB = "a" * 32, "b" * 32


def content_with(**values: Any) -> dict[str, Any]:
    """The content of a form of a story, with these words in it."""
    empty: dict[str, Any] = dict.fromkeys(revisions.FIELDS, "")
    empty |= {"kind": "news", "language": "en", "prominence": "normal", "access": "free"}
    empty |= {"takeaways_open": False, "section": None, "lead_image": None, "topics": []}
    return empty | {"bylines": [], "takeaways": [], "sources": []} | values


def keep(article: Article, *, tab: str = TAB, editor: Any = None, **values: Any) -> Revision | None:
    return autosave.keep(
        article, content=content_with(**values), editor=editor or ed(), base=0, tab=tab
    )


def kept(article: Article) -> list[str]:
    return list(article.revisions.order_by("number").values_list("content__headline", flat=True))


@pytest.fixture
def article(db):
    return make_article(authors=[])


def test_an_autosave_goes_when_a_later_one_holds_its_words(article):
    keep(article, headline="Eleven")
    keep(article, headline="Eleven ships")

    keep(article, headline="Eleven ships wait")

    assert kept(article) == ["Eleven ships wait"]


def test_an_autosave_with_a_word_of_its_own_stays(article):
    keep(article, headline="Eleven ships")
    keep(article, headline="Twelve ships")

    keep(article, headline="Twelve ships wait")

    assert kept(article) == ["Eleven ships", "Twelve ships wait"]


def test_a_word_that_stood_twice_must_stand_twice(article):
    keep(article, headline="row row row")

    keep(article, headline="row row your boat")

    assert len(kept(article)) == 2


def test_words_may_move_from_field_to_field_and_row_to_row(article):
    keep(article, headline="x", takeaways=[{"label": "Queue", "text": "It shrinks."}])

    keep(
        article,
        headline="x",
        internal_note="Queue",
        sources=[{"title": "It", "publisher": "shrinks.", "url": ""}],
    )

    assert len(kept(article)) == 1


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ('<p>the <a href="https://example.com/a">port</a></p>', "<p>the port</p>"),
        (
            '<figure data-image="7" data-caption="At dawn"></figure>',
            '<figure data-image="7"></figure>',
        ),
        ('<figure data-image="7"></figure>', '<figure data-image="8"></figure>'),
        ("<p>one</p><p>two</p>", "<p>onetwo</p>"),
        ("<p>o<strong>ne</strong></p>", "<p>o ne</p>"),
    ],
)
def test_what_a_body_says_in_its_tags_counts_as_words(article, earlier, later):
    keep(article, headline="x", body=earlier)

    keep(article, headline="x", body=later)

    assert len(kept(article)) == 2


def test_marking_up_words_and_moving_paragraphs_loses_none(article):
    keep(article, headline="x", body="<p>Fish &amp; chips</p><p>wait</p>")

    keep(
        article, headline="x", body="<h2>wait</h2><p><strong>Fi</strong>sh &amp; <em>chips</em></p>"
    )

    assert len(kept(article)) == 1


def test_a_save_of_the_same_tab_thins_all_that_it_holds(article):
    for number in range(autosave.LOOKS_BACK + 4):
        keep(article, headline=f"part{number}")
    words = " ".join(f"part{number}" for number in range(autosave.LOOKS_BACK + 4))
    write(article, content_with(headline=words))

    saving.keep_if_changed(article, editor=ed(), tab=TAB)

    assert kept(article) == [words]


def test_another_tab_another_person_and_other_revisions_stay(article):
    keep(article, headline="Eleven", tab=OTHER_TAB)
    keep(article, headline="Eleven", tab="")
    keep(article, headline="Eleven", editor=staff("Editor"))
    revisions.keep_refused(article, content=content_with(headline="Eleven"), editor=ed())
    write(article, content_with(headline="Eleven"))
    saving.keep_if_changed(article, editor=ed(), tab=OTHER_TAB + "x")
    before = article.revisions.count()

    keep(article, headline="Eleven ships")

    assert article.revisions.count() == before + 1


def test_a_save_without_a_tab_thins_nothing(article):
    keep(article, headline="Eleven")
    write(article, content_with(headline="Eleven ships"))

    saving.keep_if_changed(article, editor=ed())

    assert len(kept(article)) == 2


def test_a_number_is_never_given_twice(article):
    numbers = [keep(article, headline="ship " * n).number for n in range(1, 6)]  # type: ignore[union-attr]

    assert numbers == [1, 2, 3, 4, 5]
    assert article.revisions.get().number == 5


# --- Whatever is typed --------------------------------------------------------------------------

_WORDS = st.sampled_from(["sea", "ship", "wind", "quay", "pilot", "row", "a", "b", "3,000"])
_TEXT = st.lists(_WORDS, max_size=5).map(" ".join)
_BODY = st.lists(_TEXT, max_size=3).map(lambda texts: "".join(f"<p>{t}</p>" for t in texts if t))
_ROWS = st.lists(st.fixed_dictionaries({"label": _TEXT, "text": _TEXT}), max_size=2)
_FORM = st.fixed_dictionaries(
    {"headline": _TEXT, "body": _BODY, "lead_caption": _TEXT, "takeaways": _ROWS}
)
# What happens next: words stood for two seconds in this tab, or Save was pressed in it.
_HISTORY = st.lists(
    st.tuples(st.sampled_from(["typed", "saved"]), st.sampled_from([TAB, OTHER_TAB]), _FORM),
    min_size=1,
    max_size=14,
)


class NoWordIsLost(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_HISTORY)
    def test_every_word_that_stood_in_a_form_is_found_after_thinning(self, history: Any) -> None:
        article = make_article(authors=[])
        editor = ed()
        stood: list[Counter[str]] = []
        for act, tab, values in history:
            stood.append(_plainly(content_with(**values)))
            if act == "typed":
                keep(article, tab=tab, editor=editor, **values)
            else:
                write(article, content_with(**values))
                saving.keep_if_changed(article, editor=editor, tab=tab)

        found = [_plainly(c) for c in article.revisions.values_list("content", flat=True)]
        found.append(_plainly(revisions.snapshot(article)))
        for words in stood:
            assert any(words <= texts for texts in found), words


def _plainly(content: dict[str, Any]) -> Counter[str]:
    """The words of a content, counted another way than by the code under test."""
    texts = [content["headline"], content["lead_caption"], re.sub("<[^>]+>", " ", content["body"])]
    texts += [text for row in content["takeaways"] for text in (row["label"], row["text"])]
    return Counter(" ".join(texts).split())


def test_the_words_of_a_long_story_are_counted_as_they_read():
    content = content_with(body="<p>Fish &amp; chips</p><ul><li>one</li><li>two</li></ul>")

    assert thinning.words(content) == Counter(["Fish", "&", "chips", "one", "two"])
