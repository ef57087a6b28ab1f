"""Two texts as one: nothing of either is lost, and it reads as a person would mark it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.desk.diff import words
from articles.desk.diff.words import Mark

# Few words, so that random texts have some in common; and anything at all.
FEW = st.lists(st.sampled_from(["the", "ship", "waits", "-", ",", "\n", "3,000", " "])).map(
    " ".join
)
ANY = st.text() | FEW


def marked(older, newer):
    """The comparison as one line: [-out-] and {+in+}."""
    signs = {Mark.KEPT: "{}", Mark.OUT: "[-{}-]", Mark.IN: "{{+{}+}}"}
    return "".join(
        (" " if run.gap else "") + signs[run.mark].format(run.shown)
        for run in words.compare(older, newer)
    )


def printed(runs, *marks):
    return "".join((" " if run.gap else "") + run.text for run in runs if run.mark in marks)


def of(runs, *marks):
    return [word for run in runs if run.mark in marks for word in run.words]


@given(older=ANY, newer=ANY)
@settings(deadline=None)
def test_no_word_of_either_text_is_lost_or_made_up(older, newer):
    runs = words.compare(older, newer)

    assert of(runs, Mark.KEPT, Mark.OUT) == words.words_of(older)
    assert of(runs, Mark.KEPT, Mark.IN) == words.words_of(newer)
    # What is printed are these words.
    assert "".join(printed(runs, Mark.KEPT, Mark.OUT).split()) == "".join(older.split())
    assert "".join(printed(runs, Mark.KEPT, Mark.IN).split()) == "".join(newer.split())


@given(text=ANY)
@settings(deadline=None)
def test_a_text_differs_from_itself_in_nothing(text):
    assert {run.mark for run in words.compare(text, text)} <= {Mark.KEPT}


@pytest.mark.parametrize(
    ("older", "newer", "shown"),
    [
        ("Shares slide: why?", "Shares plunge: why?", "Shares [-slide-] {+plunge+}: why?"),
        ("A slower economy", "A slower economy at home", "A slower economy {+at home+}"),
        ("It cost 3,000 then", "It cost 3,100 then", "It cost [-3,000-] {+3,100+} then"),
        ("", "All new, here", "{+All new, here+}"),
        ("All gone", "", "[-All gone-]"),
        ("Tom saw Lisa", "Tom met Lisa", "Tom [-saw-] {+met+} Lisa"),
        # A word between two longer changes is no hold for the eye.
        (
            "They seem to have decided that it ends",
            "They decided within an hour that it ends",
            "They [-seem to have decided-] {+decided within an hour+} that it ends",
        ),
        ("One line\nand more", "One line and more", "One line[-¶-] and more"),
        ("我们今天去", "我们明天去", "我们[-今-]{+明+}天去"),
        ("हिन्दी में", "हिन्दी को", "हिन्दी [-में-] {+को+}"),
    ],
)
def test_changes_are_marked_as_a_person_would(older, newer, shown):
    assert marked(older, newer) == shown


def test_signs_by_themselves_are_no_words():
    assert words.count(words.compare("a – b", "a , b!"), Mark.IN) == 0
    assert words.count(words.compare("ships", "two ships, waiting"), Mark.IN) == 2


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("a b " * 3000, "b a a " * 2000),
        ("the ship. " * 3000, "the dog. " * 3000),
        ("wind " * 6000, "sea " + "wind " * 5999),
    ],
)
def test_long_texts_of_few_words_take_no_long_time(older, newer):
    begin = time.process_time()

    runs = words.compare(older, newer)

    # By the plain method these take minutes.
    assert time.process_time() - begin < 5
    assert of(runs, Mark.KEPT, Mark.IN) == words.words_of(newer)
