"""Merging two texts of a story, purely: what fits goes together, what clashes is named."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from articles import body
from articles.desk.merging import UNKNOWN, Place, merge, plain_words

CUT = '<hr data-cut="">'
WORDS = ["harbour", "wind", "ships", "queue", "pilots", "office", "Tuesday", "crane", "signal"]
WORDS += ["market", "engine", "copper", "season", "council", "bridge", "river", "ticket", "letter"]


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def merged_body(base, mine, theirs):
    merged = merge({"body": base}, {"body": mine}, {"body": theirs})
    assert not merged.conflicts
    return merged.content["body"]


def row(uid, **words):
    return {"uid": uid, "label": "", "text": ""} | words


def merged_rows(base, mine, theirs, kind="takeaways"):
    return merge({kind: base}, {kind: mine}, {kind: theirs})


# --- Single values ------------------------------------------------------------------------------


def test_what_one_side_changed_is_that_sides():
    base = {"headline": "H", "slug": "s", "access": "free"}

    merged = merge(base, base | {"headline": "Mine"}, base | {"slug": "theirs"})

    assert merged.content == {"headline": "Mine", "slug": "theirs", "access": "free"}
    assert [(t.place.field, t.whose) for t in merged.taken] == [
        ("headline", "mine"),
        ("slug", "theirs"),
    ]


def test_what_both_changed_differently_is_a_conflict_that_reads_as_theirs_until_chosen():
    merged = merge({"headline": "H"}, {"headline": "Mine"}, {"headline": "Theirs"})

    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == ("H", "Mine", "Theirs")
    assert merged.content == {"headline": "Theirs"}
    assert merged.content_with({conflict.key: "Chosen"}) == {"headline": "Chosen"}


def test_what_a_side_does_not_name_it_did_not_change():
    merged = merge({"headline": "H", "slug": "s"}, {"headline": "Mine"}, {"slug": "theirs"})

    assert merged.content == {"headline": "Mine", "slug": "theirs"}


def test_topics_are_added_and_taken_out_one_by_one():
    merged = merge({"topics": [1, 2, 3]}, {"topics": [1, 3, 4]}, {"topics": [2, 3, 5, "x"]})

    assert merged.content == {"topics": [3, 4, 5, "x"]}


def test_without_a_common_text_all_that_differs_is_a_conflict():
    mine = {"headline": "A", "slug": "s", "topics": [1], "body": paragraphs("a b c", "d e f")}
    theirs = {"headline": "B", "slug": "s", "topics": [2], "body": paragraphs("a b c", "d e x")}

    merged = merge(None, mine, theirs)

    assert [c.place.field for c in merged.conflicts] == ["headline", "body", "topics"]
    assert all(c.base is UNKNOWN for c in merged.conflicts)
    assert merged.content == theirs
    assert merged.content_with({c.key: c.mine for c in merged.conflicts}) == mine


def test_words_of_the_former_picture_do_not_move_under_a_new_one():
    base = {"lead_image": 1, "lead_caption": "", "lead_alt": ""}

    merged = merge(base, base | {"lead_image": 2}, base | {"lead_caption": "Of the first"})

    assert [c.place.field for c in merged.conflicts] == ["lead_caption"]
    assert merged.content["lead_image"] == 2

    fits = merge(base, base | {"lead_image": 2, "lead_caption": "New"}, base)
    assert not fits.conflicts
    assert fits.content["lead_caption"] == "New"


# --- The body -----------------------------------------------------------------------------------


def some_paragraph(rng):
    return " ".join(rng.choices(WORDS, k=rng.randint(6, 14)))


def edited(rng, blocks, own):
    """The blocks after edits of ``own`` paragraphs: retyped a little or whole, taken out, and
    new ones before them."""
    result = []
    for number, block in enumerate(blocks):
        act = rng.choice(["change", "retype", "remove", "add"]) if number in own else "leave"
        words = block.split()
        if act == "change":
            words[rng.randrange(len(words))] = f"new{rng.random()}"
        elif act == "retype":
            words = [f"{word}{rng.random()}" for word in words]
        elif act == "remove":
            words = []
        elif act == "add":
            result.append(some_paragraph(rng) + f" {rng.random()}")
        if words:
            result.append(" ".join(words))
    return result


def test_edits_of_different_paragraphs_never_clash():
    rng = random.Random(2025)
    clashes = 0
    for _ in range(2000):
        blocks = [f"{some_paragraph(rng)} {n}" for n in range(rng.randint(2, 10))]
        places = list(range(len(blocks)))
        rng.shuffle(places)
        half = rng.randint(1, len(places) - 1)
        own, their_own = set(places[:half]), set(places[half:])
        mine, theirs = edited(rng, blocks, own), edited(rng, blocks, their_own)
        merged = merge(
            {"body": paragraphs(*blocks)},
            {"body": paragraphs(*mine)},
            {"body": paragraphs(*theirs)},
        )
        clashes += bool(merged.conflicts)
        if not merged.conflicts:
            found = [body.plain_text(block) for block in body.blocks(merged.content["body"])]
            # What either side added or typed is there, what either took out is not.
            expected = (set(mine) - set(blocks)) | (set(theirs) - set(blocks))
            assert expected <= set(found)
            assert (set(blocks) & set(mine) & set(theirs)) == (set(blocks) & set(found))
            assert len(found) == len(mine) + len(theirs) - len(blocks)
    assert clashes == 0


_blocks = st.lists(st.sampled_from([f"{w} {v} stays" for w in WORDS for v in "xyz"]), max_size=8)


@settings(max_examples=200, deadline=None)
@given(_blocks, _blocks, _blocks)
def test_no_paragraph_of_anyone_is_dropped_in_silence(base, mine, theirs):
    texts = [{"body": paragraphs(*blocks)} for blocks in (base, mine, theirs)]
    merged = merge(*texts)

    in_it = body.blocks(merged.content["body"])
    for conflict in merged.conflicts:
        in_it += [*conflict.mine, *conflict.theirs]
    for side in (mine, theirs):
        for block in body.blocks(paragraphs(*side)):
            assert block in in_it or block in body.blocks(texts[0]["body"])
    # The same three texts give the same outcome, and each side alone is taken as it is.
    assert merge(*texts) == merged
    assert merge(texts[0], texts[1], texts[0]).content == texts[1]
    assert merge(texts[0], texts[0], texts[2]).content == texts[2]


def test_a_paragraph_that_was_retyped_is_known_beside_one_that_was_added():
    base = paragraphs("Ships wait outside the harbour.", "The wind holds.")
    mine = paragraphs("An opening.", "Many ships wait outside the harbour.", "The wind holds.")
    theirs = paragraphs("Ships wait outside the old harbour.", "The wind holds.")

    merged = merge({"body": base}, {"body": mine}, {"body": theirs})

    (conflict,) = merged.conflicts
    assert conflict.mine == ["<p>Many ships wait outside the harbour.</p>"]
    assert conflict.theirs == ["<p>Ships wait outside the old harbour.</p>"]
    assert conflict.place == Place("body", 2, "")
    assert merged.content["body"].startswith("<p>An opening.</p>")


def test_new_paragraphs_of_both_at_one_place_are_a_conflict():
    base = paragraphs("a b c")

    merged = merge(
        {"body": base}, {"body": base + paragraphs("mine")}, {"body": base + paragraphs("theirs")}
    )

    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.mine) == ([], ["<p>mine</p>"])
    assert conflict.above == "<p>a b c</p>"


def test_pictures_are_the_same_by_their_number():
    figure = '<figure data-image="7" data-caption="Old"></figure>'
    base = paragraphs("a") + figure + paragraphs("b")

    assert merged_body(base, base.replace("Old", "New"), base.replace(">b<", ">c<")) == (
        base.replace("Old", "New").replace(">b<", ">c<")
    )


def test_a_long_text_rewritten_by_both_is_merged_within_seconds():
    blocks = [f"number {n} of the long text" for n in range(300)]
    mine, theirs = ([f"{side} {block}" for block in blocks] for side in ("my", "their"))

    merged = merge(
        *({"body": paragraphs(*each)} for each in (blocks, mine, theirs)),
    )

    assert len(merged.conflicts) == 300


# --- The end of the free part -------------------------------------------------------------------


def with_cut(texts, after):
    return paragraphs(*texts[:after]) + CUT + paragraphs(*texts[after:])


def test_the_marker_goes_where_one_side_put_it():
    texts = ["a a", "b b", "c c", "d d"]
    base, moved = with_cut(texts, 2), with_cut(texts, 1)

    assert merged_body(base, moved, base) == moved
    assert merged_body(base, base, paragraphs(*texts)) == paragraphs(*texts)
    assert merged_body(base, with_cut(["a a", "b b", "new", "c c", "d d"], 3), moved) == (
        with_cut(["a a", "b b", "new", "c c", "d d"], 1)
    )


def test_a_marker_stays_where_it_was_when_a_paragraph_beside_it_goes():
    texts = ["a a", "b b", "c c"]

    merged = merge(
        {"body": with_cut(texts, 2)},
        {"body": with_cut(["a a", "c c"], 1)},
        {"body": with_cut(texts, 2)},
    )

    assert merged.content["body"] == with_cut(["a a", "c c"], 1)
    assert [t.place.part for t in merged.taken] == ["removed"]


def test_a_marker_that_both_moved_is_to_be_chosen_for():
    texts = ["a a", "b b", "c c", "d d"]
    base, mine, theirs = (with_cut(texts, after) for after in (2, 1, 3))

    merged = merge({"body": base}, {"body": mine}, {"body": theirs})

    (conflict,) = merged.conflicts
    assert conflict.place.part == "cut"
    assert (conflict.mine.after, conflict.theirs.after) == ("<p>a a</p>", "<p>c c</p>")
    assert merged.content["body"] == theirs
    assert merged.content_with({conflict.key: conflict.mine})["body"] == mine


@settings(max_examples=200, deadline=None)
@given(_blocks, _blocks, _blocks, st.tuples(*[st.integers(-1, 8)] * 3))
def test_the_marker_stands_at_most_once(base, mine, theirs, cuts):
    texts = [
        {"body": paragraphs(*blocks) if cut < 0 else with_cut(blocks, cut)}
        for blocks, cut in zip((base, mine, theirs), cuts, strict=True)
    ]
    merged = merge(*texts)

    for chosen in ({}, {c.key: c.mine for c in merged.conflicts}):
        text = merged.content_with(chosen)["body"]
        assert text.count(CUT) <= 1
        assert body.sanitise(text) == text


# --- Rows ---------------------------------------------------------------------------------------


def test_a_row_is_merged_field_by_field():
    base = [row("1", label="L", text="T")]

    merged = merged_rows(base, [row("1", label="Mine", text="T")], [row("1", label="L", text="X")])

    assert merged.content["takeaways"] == [row("1", label="Mine", text="X")]
    clash = merged_rows(base, [row("1", label="Mine")], [row("1", label="Theirs")])
    assert [c.place for c in clash.conflicts] == [Place("takeaways", 1, "label")]


def test_rows_are_taken_out_by_one_and_added_by_both():
    a, b, c = (row(uid, text=uid) for uid in "abc")

    merged = merged_rows([a, b, c], [a, c, row("m", text="m")], [a, b, row("t"), c])

    assert [r["uid"] for r in merged.content["takeaways"]] == ["a", "t", "c", "m"]
    assert not merged.conflicts


def test_a_row_taken_out_by_one_and_changed_by_the_other_is_a_conflict():
    a, b = row("a", text="a"), row("b", text="b")

    mine_typed = merged_rows([a, b], [a, b | {"text": "typed"}], [a])
    they_typed = merged_rows([a, b], [a], [a, b | {"text": "typed"}])

    (conflict,) = mine_typed.conflicts
    assert (conflict.mine["text"], conflict.theirs) == ("typed", None)
    assert mine_typed.content["takeaways"] == [a]
    kept = mine_typed.content_with({conflict.key: conflict.mine})
    assert [r["text"] for r in kept["takeaways"]] == ["a", "typed"]
    (conflict,) = they_typed.conflicts
    assert (conflict.mine, conflict.theirs["text"]) == (None, "typed")


def test_moved_rows_are_in_the_order_of_who_moved_them():
    a, b, c, d = rows = [row(uid, text=uid) for uid in "abcd"]

    def order(mine, theirs):
        return "".join(r["uid"] for r in merged_rows(rows, mine, theirs).content["takeaways"])

    assert order([d, a, b, c], rows) == "dabc"
    assert order(rows, [b, a, c, d]) == "bacd"
    assert order([b, a, c, d], [b, a, c, d]) == "bacd"
    assert order([a, c, d], [b, a, c, d]) == "acd"
    # Both moved rows: together where they do not touch, else mine is as good as any.
    more = [*rows, row("e", text="e")]
    moved = merged_rows(more, [b, a, c, d, more[4]], [a, b, c, more[4], d])
    assert "".join(r["uid"] for r in moved.content["takeaways"]) == "baced"
    assert order([d, a, b, c], [a, d, b, c]) == "dabc"
    assert order([d, a, b, c], [a, b, c, d, row("e")]) == "dabce"


def test_rows_without_a_uid_are_the_same_by_their_words_and_then_by_their_place():
    old = [{"label": "A", "text": "a"}, {"label": "B", "text": "b"}]
    theirs = [row("2", label="B", text="b"), row("1", label="A", text="changed")]

    merged = merged_rows(
        old, [row("1", label="A", text="a"), row("2", label="B", text="mine")], theirs
    )

    assert not merged.conflicts
    assert merged.content["takeaways"] == [
        row("2", label="B", text="mine"),
        row("1", label="A", text="changed"),
    ]


def test_the_same_row_added_by_both_stands_once():
    merged = merged_rows([], [{"label": "N", "text": "n"}], [row("t", label="N", text="n")])

    assert merged.content["takeaways"] == [row("t", label="N", text="n")]


def test_an_author_added_by_both_stands_once():
    def line(uid, author, role=""):
        return {"uid": uid, "author": author, "role": role}

    merged = merged_rows([], [line("m", 1, "Mine")], [line("t", 1)], kind="bylines")

    (conflict,) = merged.conflicts
    assert conflict.place == Place("bylines", 1, "role")
    assert merged.content["bylines"] == [line("t", 1)]


_rows = st.lists(
    st.builds(
        lambda uid, text: {"uid": uid, "text": text} if uid else {"text": text},
        st.sampled_from(["1", "2", "3", "4", ""]),
        st.sampled_from("abcdef"),
    ),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.none(), _rows), _rows, _rows)
def test_no_row_of_anyone_is_dropped_in_silence(base, mine, theirs):
    merged = merge(
        None if base is None else {"takeaways": base},
        *({"takeaways": rows} for rows in (mine, theirs)),
    )

    found = merged.content["takeaways"]
    uids = [r["uid"] for r in found]
    assert len(set(uids)) == len(uids)
    words = {r["text"] for r in found}
    for conflict in merged.conflicts:
        for value in (conflict.mine, conflict.theirs):
            words |= {value["text"] if isinstance(value, dict) else value}
    before = {r["text"] for r in base or ()}
    assert {r["text"] for r in [*mine, *theirs]} - before <= words
    assert (
        merge(
            None if base is None else {"takeaways": base},
            *({"takeaways": rows} for rows in (mine, theirs)),
        )
        == merged
    )


# --- Plain words --------------------------------------------------------------------------------


def test_blocks_left_as_they_are_come_back_whole():
    known = [
        "<h2>A heading</h2>",
        '<p>With <strong>marks</strong>, <a href="https://a.test/" rel="noopener">links</a>.</p>',
        "<ul><li>one</li><li>two</li></ul>",
        '<figure data-image="7" data-caption="Ships"></figure>',
    ]

    assert plain_words.blocks(plain_words.words(known), known) == known


def test_what_was_made_from_a_heading_or_a_list_is_one_again():
    assert plain_words.blocks("Another one", ["<h2>One</h2>"]) == ["<h2>Another one</h2>"]
    assert plain_words.blocks("a\nb\r\nc", ["<ul><li>a</li></ul>"]) == [
        "<ul><li>a</li><li>b</li><li>c</li></ul>"
    ]
    mixed = ["<h2>The heading of it</h2>", "<p>The words below.</p>"]
    assert plain_words.blocks("The new heading of it\n\nAll else <i>", mixed) == [
        "<h2>The new heading of it</h2>",
        "<p>All else &lt;i&gt;</p>",
    ]


@given(st.text(), st.lists(st.sampled_from(["<p>a b</p>", "<h2>c</h2>", "<ol><li>d</li></ol>"])))
def test_any_text_becomes_a_body(text, known):
    html = "".join(plain_words.blocks(text, known))

    assert body.sanitise(html) == html
