"""What is searched for: kinds of searches that take different ways through the index."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from newsroom.corpus.stories import YEARS
from newsroom.corpus.words import COMMON, invent

# No words for an index.
_STOPS = frozenset(COMMON.split())


def kinds() -> dict[str, str]:
    """What is typed, by the name of its kind."""
    language = invent(years=YEARS)
    words = _by_frequency(language.sentences)
    known = set(words)
    newest, *_, oldest = [
        [word for word in _by_frequency(talk) if word not in known] for talk in language.of_years
    ]
    one, two = _neighbours(language.sentences)
    return {
        "common": words[0],
        "middling": words[1000],
        "rare": oldest[-1],
        "common in old stories only": oldest[0],
        "old beside common": f"{oldest[0]} {words[0]}",
        "two that rarely meet": f"{words[1000]} {words[1500]}",
        "two of different years": f"{oldest[0]} {newest[0]}",
        "phrase": f'"{one} {two}"',
        "without a word": f"{words[0]} -{words[1]}",
        "four common": " ".join(words[:4]),
        "nothing": "nowhereatall",
    }


def _by_frequency(sentences: Iterable[str]) -> list[str]:
    counted = Counter(word for sentence in sentences for word in set(_words(sentence)))
    return [word for word, _ in counted.most_common() if word not in _STOPS]


def _neighbours(sentences: Iterable[str]) -> tuple[str, str]:
    for sentence in sentences:
        words = _words(sentence)
        for one, two in pairwise(words):
            if not _STOPS & {one, two}:
                return one, two
    raise LookupError("No two words of an index stand side by side.")


def _words(sentence: str) -> list[str]:
    return sentence.rstrip(".").lower().split()
