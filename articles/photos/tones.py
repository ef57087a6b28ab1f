"""The colour that holds a picture's place: one of 64, since pages carry no styles of their own."""

# Of 256 a channel: what static/css/site.css calls r0 to r3, g0 to g3, b0 to b3.
_BREADTH = 64


def tone(colour: str) -> str:
    """The classes for an average as #8899aa; "" for anything else."""
    if not colour.startswith("#"):
        return ""
    channels = (int(colour[at : at + 2], 16) // _BREADTH for at in (1, 3, 5))
    red, green, blue = channels
    return f"tone r{red} g{green} b{blue}"
