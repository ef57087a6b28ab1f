"""Two texts of a story as one: body block by block, rows by what they are, facts by name."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import body
from articles.desk.diff import body_diff, rows, stories, words
from articles.desk.diff.body_diff import BlockDiff, SameBlocks
from articles.desk.diff.names import Names
from articles.desk.diff.words import Mark
from tests.cast import lisa, make_image, make_section, make_topic

A = "The harbour office counted eleven ships on Tuesday."
B = "Nobody on the quay was willing to bet on the wind."
C = "The pilots stayed at home and played cards instead."


def p(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def body_of(older, newer):
    diff = body_diff.compare(older, newer, Names())
    return [] if diff is None else diff.entries


def told(entry):
    """(name, change, notes) of an entry; the name of a folded stretch."""
    if isinstance(entry, SameBlocks):
        return entry.name
    return entry.name, entry.change, entry.notes


def text_of(runs, *marks):
    return " ".join(run.text for run in runs if run.mark in marks)


# --- The body ----------------------------------------------------------------------------------


def test_a_changed_paragraph_is_marked_within_and_the_others_are_folded():
    entries = body_of(p(A, B, C), p(A, B.replace("wind", "tide"), C))

    assert list(map(told, entries)) == [
        "Paragraph 1: unchanged",
        ("paragraph 2", "changed", []),
        "Paragraph 3: unchanged",
    ]
    assert text_of(entries[1].runs, Mark.OUT) == "wind"
    assert text_of(entries[1].runs, Mark.IN) == "tide"


def test_an_added_heading_is_a_heading_and_a_removed_quote_a_quote():
    quote = f"<blockquote><p>{C}</p></blockquote>"

    entries = body_of(p(A) + quote + p(B), p(A) + "<h2>On the quay</h2>" + p(B))

    assert [(told(each), each.look) for each in entries if isinstance(each, BlockDiff)] == [
        (("quote 1", "removed", ["Taken out."]), "blockquote"),
        (("heading 1", "added", ["New."]), "h2"),
    ]


def test_a_moved_paragraph_is_said_to_have_moved_and_no_word_is_marked():
    entries = body_of(p(A, B, C), p(C, A, B))

    assert told(entries[0]) == ("paragraph 1", "moved", ["Moved up: it was paragraph 3."])
    assert told(entries[1]) == "Paragraph 2 to paragraph 3: unchanged"
    assert {run.mark for run in entries[0].runs} == {Mark.KEPT}


def test_a_paragraph_that_stands_elsewhere_as_it_was_is_not_taken_for_one_like_it():
    entries = body_of(p(A, B, C), p(A.replace("eleven", "twelve"), B, C, A))

    assert [told(entry)[:2] for entry in (entries[0], entries[-1])] == [
        ("paragraph 1", "added"),
        ("paragraph 4", "moved"),
    ]


def test_a_moved_and_changed_paragraph_is_both():
    entries = body_of(p(A, B, C), p(C.replace("cards", "chess"), A, B))

    assert told(entries[0])[1:] == ("moved", ["Moved up: it was paragraph 3."])
    assert text_of(entries[0].runs, Mark.OUT, Mark.IN) == "cards chess"


def test_a_paragraph_that_became_a_heading_says_so():
    entries = body_of(p(A, B), f"<h2>{A}</h2>{p(B)}")

    note = "It was a paragraph, now it is a heading."
    assert told(entries[0]) == ("heading 1", "changed", [note])


@pytest.mark.parametrize(
    ("older", "newer", "notes"),
    [
        ("{}", "<strong>{}</strong>", ["“the wind” is now bold."]),
        ("<em>{}</em>", "{}", ["“the wind” is no longer in italics."]),
        (
            '<a href="https://a.example/">{}</a>',
            '<a href="https://b.example/">{}</a>',
            ["“the wind” leads to https://b.example/ now, not to https://a.example/."],
        ),
        (
            "{}",
            '<a href="https://b.example/?a=1&amp;b=2">{}</a>',
            ["“the wind” leads to https://b.example/?a=1&b=2 now."],
        ),
        (
            '<a href="https://a.example/">{}</a>',
            "{}",
            ["“the wind” no longer leads to https://a.example/."],
        ),
        ("<strong>the</strong> wind", "<strong>the wind</strong>", ["“the wind” is now bold."]),
    ],
)
def test_a_change_of_markup_alone_is_said_in_words(older, newer, notes):
    older, newer = (p(f"Bet on {text.format('the wind')}, he said.") for text in (older, newer))

    entries = body_of(older, newer)

    assert entries[0].change == "changed"
    assert set(notes) <= set(entries[0].notes)
    assert {run.mark for run in entries[0].runs} == {Mark.KEPT}


def test_a_link_in_new_words_is_told_and_one_that_went_with_its_words_is_not():
    older = p('He bet on the <a href="https://a.example/">old tide</a> at the harbour office.')
    newer = p('He bet on the <a href="https://b.example/">wind</a> at the harbour office.')

    assert body_of(older, newer)[0].notes == ["“wind” leads to https://b.example/ now."]


def test_items_of_a_list_are_compared_one_by_one():
    older = "<ul><li>One boat</li><li>Two boats and a dog</li><li>Three oars</li></ul>"
    newer = "<ul><li>One boat</li><li>Two boats and a cat<ul><li>Grey</li></ul></li></ul>"

    [entry] = body_of(older, newer)

    assert (entry.look, entry.name) == ("ul", "list 1")
    lines = [(line.level, [(r.mark.value, r.text) for r in line.runs]) for line in entry.lines]
    assert lines == [
        (0, [("kept", "One boat")]),
        (0, [("kept", "Two boats and a"), ("out", "dog"), ("in", "cat")]),
        (0, [("out", "Three oars")]),
        (1, [("in", "Grey")]),
    ]


def test_the_end_of_the_free_part_is_named_when_it_comes_goes_and_moves():
    cut = '<hr data-cut="">'

    added = body_of(p(A, B, C), p(A, B) + cut + p(C))
    moved = body_of(p(A) + cut + p(B, C), p(A, B) + cut + p(C))

    assert told(added[1]) == ("end of the free part", "added", ["New, after paragraph 2."])
    assert told(moved[1])[1:] == (
        "moved",
        ["Moved down: it stood after paragraph 1, now after 2."],
    )
    assert told(body_of(p(A, B) + cut + p(C), p(A, B, C))[1])[1] == "removed"


@pytest.mark.django_db
def test_a_picture_is_the_same_one_whatever_is_written_under_it():
    image = make_image(caption="Ships wait.", credit="Ana Duarte")
    other = make_image()
    figure = '<figure data-image="{}" data-caption="{}"></figure>'
    older = {"body": p(A) + figure.format(image.pk, "At noon")}
    newer = {
        "body": p(A)
        + figure.format(image.pk, "At dawn")
        + f'<figure data-image="{other.pk}"></figure><figure data-image="999"></figure>'
    }

    diff = body_diff.compare(older["body"], newer["body"], Names(older, newer))

    assert diff is not None
    changed, added, gone = diff.entries[1:]
    assert (changed.change, added.change) == ("changed", "added")
    assert text_of(changed.figure.caption, Mark.OUT) == "noon"
    assert text_of(changed.figure.caption, Mark.IN) == "dawn"
    assert changed.figure.thumb.credit.startswith("Ana Duarte")
    assert not added.figure.has_own_caption
    assert gone.figure.name == "No. 999, no longer there"
    assert gone.figure.thumb is None


def test_hundreds_of_changed_paragraphs_are_paired_in_their_order():
    older = p(*(f"On day {n} the harbour office counted {n} ships." for n in range(300)))
    newer = p(*(f"On day {n} the harbour master saw {n} ships." for n in range(300)))

    entries = body_of(older, newer)

    assert [entry.change for entry in entries] == ["changed"] * 300
    assert text_of(entries[42].runs, Mark.KEPT) == "On day 42 the harbour 42 ships."


BLOCKS = st.lists(
    st.builds(
        "<{0}>{1}</{0}>".format,
        st.sampled_from(["p", "h2", "h3", "blockquote"]),
        st.lists(st.sampled_from(["ship", "wind", "waits", "<em>now</em>", "3,000"]), min_size=1)
        .map(" ".join)
        .filter(bool),
    )
    | st.lists(st.sampled_from(["one boat", "two boats", "oars"]), min_size=1).map(
        lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    ),
    max_size=6,
).map("".join)


@given(older=BLOCKS, newer=BLOCKS)
@settings(deadline=None)
def test_no_word_of_any_body_is_lost_or_made_up(older, newer):
    older, newer = body.sanitise(older), body.sanitise(newer)
    entries = body_of(older, newer)
    if not entries:
        assert older == newer
        return
    shown: dict[Mark, Counter[str]] = {mark: Counter() for mark in Mark}
    for entry in entries:
        for block in entry.blocks if isinstance(entry, SameBlocks) else [entry]:
            for run in block.runs:
                shown[run.mark].update(run.words)

    assert shown[Mark.KEPT] + shown[Mark.OUT] == words_in(older)
    assert shown[Mark.KEPT] + shown[Mark.IN] == words_in(newer)


def words_in(html):
    return Counter(word for word in words.words_of(body.plain_text(html)) if word != "\n")


# --- Rows --------------------------------------------------------------------------------------


def takeaways(*texts, uids=True):
    return [
        {"label": "", "text": text} | ({"uid": text.split()[0]} if uids else {}) for text in texts
    ]


def rows_of(older, newer, kind="takeaways"):
    diff = rows.compare(kind, older, newer, Names())
    return [(row.change, row.what) for row in diff.rows] if diff else []


@pytest.mark.parametrize("uids", [True, False])
def test_rows_are_added_taken_out_changed_and_moved(uids):
    older = takeaways("one first point", "two second point", "three third point", uids=uids)
    newer = takeaways("three third point", "one first point", "two another point", uids=uids)

    assert rows_of(older, newer) == [
        ("moved", "Moved from 3rd to 1st place"),
        ("changed", "Changed, in 3rd place"),
    ]
    assert rows_of(older, older[::2]) == [("removed", "Taken out, was in 2nd place")]
    assert rows_of(newer[1:2], newer) == [
        ("added", "New, in 1st place"),
        ("added", "New, in 3rd place"),
    ]
    assert rows_of(older, older) == []


def test_a_row_that_only_made_room_has_not_moved():
    older = takeaways("one first point", "two second point")

    assert rows_of(older, takeaways("zero new", *(row["text"] for row in older))) == [
        ("added", "New, in 1st place")
    ]


def test_a_row_with_its_uid_is_the_same_row_whatever_it_says():
    older = [{"uid": "a", "label": "Old", "text": "Nothing in common"}]
    newer = [{"uid": "a", "label": "New", "text": "Wholly rewritten here"}]

    assert rows_of(older, newer) == [("changed", "Changed, in 1st place")]


def test_a_moved_and_changed_row_is_both():
    older = takeaways("one first point", "two second point", "three third point")
    newer = takeaways("three third point, longer", "one first point", "two second point")

    assert rows_of(older, newer) == [("moved", "Moved from 3rd to 1st place, and changed")]


@pytest.mark.django_db
def test_bylines_of_old_are_matched_by_their_author():
    author = lisa()
    older: list[dict[str, Any]] = [{"author": author.pk, "role": ""}, {"author": 999, "role": ""}]
    newer = [{"author": author.pk, "role": "Photos", "uid": "x"}]

    diff = rows.compare("bylines", older, newer, Names({"bylines": older}))

    assert diff is not None
    assert [row.what for row in diff.rows] == [
        "Changed, in 1st place",
        "Taken out, was in 2nd place",
    ]
    assert diff.rows[1].cells[0][0].text == "No. 999, no longer there"


# --- The whole ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_facts_are_told_by_name_and_what_is_gone_by_its_number():
    world, wind, tide = make_section("World"), make_topic("Wind"), make_topic("Tide")
    older = {"section": 999, "access": "free", "topics": [wind.pk], "takeaways_open": False}
    newer = {
        "section": world.pk,
        "access": "premium",
        "topics": [tide.pk, wind.pk],
        "takeaways_open": True,
    }

    [table] = stories.compare(older, newer).parts

    told = {
        fact.name: tuple(" ".join(run.text for run in side) for side in (fact.older, fact.newer))
        for fact in table.facts
    }
    assert told == {
        "Section": ("No. 999, no longer there", "World"),
        "Access": ("Free: everyone", "Premium: subscribers"),
        "Takeaways are free": ("No", "Yes"),
        "Topics": ("Wind", "Tide, Wind"),
    }


def test_the_summary_counts_words_and_fields():
    older = {"headline": "Ships wait", "standfirst": "For the wind.", "access": "free"}
    newer = {"headline": "Ships still wait", "standfirst": "For the wind.", "access": "premium"}

    comparison = stories.compare(older, newer)

    assert comparison.summary == "0 words out, 1 word in, in 2 fields"
    assert comparison.unchanged == ["Standfirst"]
    assert stories.compare(older, older).summary == "Both say the same"


def test_a_field_that_one_side_never_kept_is_not_taken_for_emptied():
    comparison = stories.compare({"headline": "A"}, {"headline": "A", "internal_note": "Call."})

    assert comparison.parts == []
    assert comparison.unknown == ["Internal note"]


def test_spaces_alone_are_said_to_differ():
    [part] = stories.compare({"headline": "Ships  wait"}, {"headline": "Ships wait"}).parts

    assert part.note == "The same words; only the spaces between them differ."


def test_odd_contents_of_a_kept_conflict_are_compared_as_they_were_typed():
    odd = {"section": "none", "bylines": [{"author": "nobody", "role": ""}], "body": "<script>x"}

    comparison = stories.compare(odd, {"section": None, "bylines": [], "body": None})

    assert [part.label for part in comparison.parts] == ["Bylines", "Facts"]
