"""The public note of a correction, and the place in the story it is about (rules §10)."""

from dataclasses import dataclass
from typing import Any

from articles import body
from articles.body_blocks import escape
from articles.models import Correction
from articles.publishing.refusals import Misplaced, PublishRefused
from articles.publishing.rows import Held


@dataclass(frozen=True, slots=True)
class Correcting:
    """What the desk corrects in public.

    ``place`` is "headline", "standfirst", "body:3" (the third block) or "takeaways:2", or "" for
    the story as a whole; with ``old`` and ``new`` the words there are replaced, too.
    """

    text: str
    kind: str = Correction.Kind.CORRECTION
    place: str = ""
    old: str = ""
    new: str = ""
    quotes_withheld: bool = False
    signature: str = ""

    @property
    def replaces(self) -> bool:
        """Whether words of the story change with it."""
        return bool(self.place and self.old.strip())


def write_note(
    held: Held, correcting: Correcting, content: dict[str, Any], *, editor: Any
) -> Correction:
    """Write the note on ``content``, which holds the right words already."""
    if not correcting.text.strip():
        raise PublishRefused.because("note", "Tell readers what was wrong and what is right.")
    if correcting.kind == Correction.Kind.RETRACTION:
        raise PublishRefused.because("kind", "A retraction takes the whole story back.")
    return Correction.objects.create(
        article=held.article,
        kind=correcting.kind,
        text=correcting.text.strip(),
        paragraph=_paragraph(content, correcting.place),
        old_words=correcting.old,
        new_words=correcting.new,
        quotes_withheld=correcting.quotes_withheld,
        at=held.now,
        signed_by=editor,
        signature=correcting.signature,
    )


def places(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Where a correction may be: (place, the words there), in the order of the page."""
    if not content:
        return []
    found = [("headline", content["headline"]), ("standfirst", content["standfirst"])]
    found += [
        (f"takeaways:{number}", f"{row['label']} {row['text']}".strip())
        for number, row in enumerate(content["takeaways"], start=1)
    ]
    found += [
        (f"body:{number}", body.plain_text(block))
        for number, block in enumerate(_blocks(content), start=1)
    ]
    return [(place, words) for place, words in found if words.strip()]


def replaced(content: dict[str, Any], correcting: Correcting) -> dict[str, Any]:
    """The content with the words replaced at their place. Raises ``Misplaced``."""
    kind, _, number = correcting.place.partition(":")
    if kind in ("headline", "standfirst"):
        return content | {kind: _once(content[kind], correcting)}
    place = int(number) - 1 if number.isdecimal() else -1
    if kind == "takeaways" and 0 <= place < len(content["takeaways"]):
        rows = [dict(row) for row in content["takeaways"]]
        rows[place]["text"] = _once(rows[place]["text"], correcting)
        return content | {"takeaways": rows}
    blocks = _blocks(content)
    if kind == "body" and 0 <= place < len(blocks):
        blocks[place] = _once(blocks[place], correcting, is_html=True)
        return content | {"body": body.sanitise("".join(blocks))}
    raise Misplaced("That place is no longer in the story. Choose another.")


def _once(text: str, correcting: Correcting, *, is_html: bool = False) -> str:
    old, new = correcting.old, correcting.new
    if is_html:
        old, new = escape(old), escape(new)
    count = text.count(old)
    if count == 1:
        return text.replace(old, new)
    if count:
        raise Misplaced(f"“{correcting.old}” stands there {count} times. Give more words.")
    raise Misplaced(
        f"“{correcting.old}” does not stand there as one piece. Copy the words from the story, "
        "without bold, italics or links within."
    )


def _blocks(content: dict[str, Any]) -> list[str]:
    return body.blocks(body.sanitise(content["body"]))


def _paragraph(content: dict[str, Any], place: str) -> str:
    """The words of the corrected block of the body, which carries the mark."""
    return dict(places(content)).get(place, "") if place.startswith("body:") else ""
