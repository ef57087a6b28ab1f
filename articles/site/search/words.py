"""Words as the index keeps them: without accents, so that both databases agree."""

import unicodedata


def fold(text: str) -> str:
    """Text without accents and in lower case. Signs stay; a letter stays one letter."""
    text = text.replace("\x00", " ")
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).casefold()
