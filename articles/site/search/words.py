"""Words as the index keeps them: without accents, so that both databases agree."""

import unicodedata


def fold(text: str) -> str:
    """Text without accents and in lower case. Signs stay; a letter stays one letter."""
    parts = unicodedata.normalize("NFKD", text.replace("\x00", " "))
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold()
